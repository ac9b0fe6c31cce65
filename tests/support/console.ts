import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { describeBrowser, launchBrowser } from './browser.ts';
import {
  type AppOverrides,
  describeWithServices,
  startApp,
  startPocketBase,
  type TestApp,
  type TestPocketBase,
} from './services.ts';

/** Needs both services and a browser. */
export const describeConsole = describeBrowser === describe ? describeWithServices : describeBrowser;

export interface ConsolePage {
  page: Page;
  /** What the browser complained of so far: what the policy refuses, what breaks. */
  complaints: string[];
  /** Closes the window; rejects if the browser complained of anything. */
  close(): Promise<void>;
}

export interface ConsoleOptions {
  path?: string;
  width?: number;
  dark?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: what the API answers, whose shape the contract tests check
type Answer = any;

/** Both services and a browser. */
export interface TestConsole {
  url: string;
  pocketbase: TestPocketBase;
  app: TestApp;
  browser: Browser;
  /** A window of its own with the console at a path. Nobody is logged in. */
  visit(options?: ConsoleOptions): Promise<ConsolePage>;
  /** The same, with the operator logged in. */
  open(options?: ConsoleOptions): Promise<ConsolePage>;
  /** Calls the API as the operator, `/sources`; in force when it resolves. Rejects with what it was refused for. */
  api(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** Posts an event to a source; resolves with its id. */
  ingest(source: string, body: object): Promise<string>;
  stop(): Promise<void>;
}

export async function startConsole(overrides: AppOverrides = {}): Promise<TestConsole> {
  const pocketbase = await startPocketBase();
  const app = await startApp(pocketbase, overrides);
  const browser = await launchBrowser();
  const { url } = app;
  const visit = (options: ConsoleOptions = {}) => openConsole(browser, url, options);
  let token: Promise<string> | undefined;
  const api: TestConsole['api'] = async (method, path, body) => {
    token ??= logInByApi(url, pocketbase);
    return send(`${url}/api/v1${path}`, method, body, { authorization: `Bearer ${await token}` });
  };
  return {
    url,
    pocketbase,
    app,
    browser,
    visit,
    open: async (options) => {
      const opened = await visit(options);
      await logIn(opened.page, pocketbase);
      return opened;
    },
    api,
    ingest: async (source, body) => (await send(`${url}/ingest/${source}`, 'POST', body)).id,
    stop: async () => {
      await browser.close();
      await app.stop();
      await pocketbase.stop();
    },
  };
}

async function openConsole(browser: Browser, url: string, options: ConsoleOptions): Promise<ConsolePage> {
  const { path = '/', width = 1440, dark = false } = options;
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    // That there is no session yet is an answer of 401, which browsers log.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (fault) => complaints.push(String(fault)));
  await page.goto(url + path);
  return {
    page,
    complaints,
    close: async () => {
      await page.close();
      if (complaints.length > 0) throw new Error(`The browser complained: ${complaints.join('\n')}`);
    },
  };
}

export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#main').waitFor();
}

async function logInByApi(url: string, { email, password }: TestPocketBase): Promise<string> {
  return (await send(`${url}/api/v1/session`, 'POST', { email, password })).token;
}

async function send(url: string, method: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** What axe finds serious or worse, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** Whether something is wider than the window. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}
