/** How soon the console's first page is there, and whether its list of events follows 200 a second: counted in Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/chromium.ts';
import { startProduct } from '../support/product.ts';

const FIRST_LOADS = 5;
const RATE = 200;
const SECONDS = 20;
const TICK_MS = 50;
const FRAME_MS = 100;

const product = await startProduct();
const browser = await launchBrowser();
try {
  const { email, password } = product.login();
  const loads: number[] = [];
  let bytes = 0;
  for (let load = 0; load < FIRST_LOADS; load++) {
    const { page, ms } = await firstLoad(browser, email, password);
    loads.push(ms);
    bytes = (await page.evaluate(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, each) => sum + each.encodedBodySize, 0)",
    )) as number;
    await page.context().close();
  }
  console.table({
    'first load': { median_ms: median(loads), worst_ms: Math.max(...loads), kB: Math.round(bytes / 1_000) },
  });

  const { page } = await firstLoad(browser, email, password);
  console.table({ 'nothing comes': await watch(page, 0), [`${RATE} events a second`]: await watch(page, RATE) });
} finally {
  await browser.close();
  await product.stop();
}

/** A browser that has nothing of the console yet, but a session; until the overview's numbers are there. */
async function firstLoad(browser: Browser, email: string, password: string): Promise<{ page: Page; ms: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const answer = await context.request.post(`${product.url}/api/v1/session`, {
    data: { email, password, cookie: true },
    headers: { 'x-pockethook-csrf': '1' },
  });
  if (!answer.ok()) throw new Error(`The login answered ${answer.status()}: ${await answer.text()}`);
  const page = await context.newPage();
  await page.goto(product.url);
  await page.getByText('Events a minute').waitFor();
  return { page, ms: Math.round((await page.evaluate('performance.now()')) as number) };
}

/** Frames and long tasks of the list of events while so many come; and how old the newest row is that it shows. */
async function watch(page: Page, rate: number) {
  await page.goto(`${product.url}/events`);
  await page.getByText('live', { exact: true }).waitFor();
  await page.evaluate(`{
    const seen = { frames: [], tasks: [] };
    globalThis.seen = seen;
    let before = performance.now();
    const frame = (now) => { seen.frames.push(now - before); before = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  }`);
  const lags: number[] = [];
  const started = performance.now();
  let sent = 0;
  const answers: Promise<unknown>[] = [];
  while (performance.now() - started < SECONDS * 1_000) {
    const due = Math.floor(((performance.now() - started) / 1_000) * rate);
    for (; sent < due; sent++) answers.push(post({ number: sent, at: Date.now() }));
    await sleep(TICK_MS);
    if (rate > 0 && sent > rate) lags.push(await newestAge(page));
  }
  await Promise.all(answers);
  const { frames, tasks } = (await page.evaluate('globalThis.seen')) as { frames: number[]; tasks: number[] };
  return {
    sent,
    rows: await page.locator('tr[data-row]').count(),
    frames_per_s: Math.round(frames.length / SECONDS),
    longest_frame_ms: Math.round(Math.max(...frames)),
    [`frames_over_${FRAME_MS}_ms`]: frames.filter((ms) => ms > FRAME_MS).length,
    long_tasks: tasks.length,
    longest_task_ms: Math.round(Math.max(0, ...tasks)),
    busy_percent: Math.round(tasks.reduce((sum, ms) => sum + ms, 0) / SECONDS / 10),
    newest_row_ms_ago: rate > 0 ? median(lags) : '',
  };
}

/** Milliseconds since the newest row that is shown was received. */
async function newestAge(page: Page): Promise<number> {
  return (await page.evaluate(
    `Date.now() - Date.parse(document.querySelector('tr[data-row] time')?.dateTime ?? new Date().toISOString())`,
  )) as number;
}

async function post(body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${product.url}/ingest/generic`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`An event was answered ${response.status}.`);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
