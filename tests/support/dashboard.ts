import type { Browser, Locator, Page } from 'playwright-core';
import type { TestPocketBase } from './pocketbase.ts';

/** PocketBase's dashboard in a window of its own, as an operator meets it. */
export interface Dashboard {
  page: Page;
  /** What broke in the page. */
  complaints: string[];
  /** Opens it anew: a form that was left open goes. */
  restart(): Promise<void>;
  /** Opens a collection's list. */
  open(collection: string): Promise<void>;
  /** The form of a record. */
  form(): Locator;
  /** A field of that form. */
  field(name: string): Locator;
  /** Replaces what a text field of that form holds. */
  write(name: string, text: string): Promise<void>;
  /** Resolves when the form was saved and has closed. */
  saved(): Promise<void>;
}

/** Logs the first operator in. */
export async function openDashboard(browser: Browser, pocketbase: TestPocketBase): Promise<Dashboard> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', (fault) => complaints.push(String(fault)));
  const home = async () => {
    await page.goto(`${pocketbase.url}/_/`);
  };
  const isThere = () => page.locator('.collections-list .nav-item').first().waitFor();
  await home();
  await page.locator('input[type=email]').fill(pocketbase.email);
  await page.locator('input[type=password]').fill(pocketbase.password);
  await page.keyboard.press('Enter');
  await isThere();

  const form = () => page.locator('.record-upsert-modal');
  const field = (name: string) => form().locator('.record-field-input', { has: page.locator(`[name="${name}"]`) });
  return {
    page,
    complaints,
    async restart() {
      await page.goto('about:blank');
      await home();
      await isThere();
    },
    async open(collection) {
      await page.locator('.collections-list').getByText(collection, { exact: true }).click();
      await page.locator('.breadcrumbs').getByText(collection, { exact: true }).waitFor();
    },
    form,
    field,
    async write(name, text) {
      const editor = field(name).locator('.editor-content, textarea, input').first();
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
      await editor.blur();
    },
    saved: () => form().waitFor({ state: 'detached' }),
  };
}
