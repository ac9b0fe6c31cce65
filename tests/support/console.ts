import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

export interface ConsolePage {
  page: Page;
  /** What the browser complained of: what the policy refuses, what breaks. A test that is done expects none. */
  complaints: string[];
}

export interface ConsoleOptions {
  path?: string;
  width?: number;
  dark?: boolean;
}

/** A window of its own with the console at `path`. Nobody is logged in. */
export async function openConsole(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
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
  return { page, complaints };
}

export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#main').waitFor();
}

/** What axe finds serious or worse, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
