/** `npm run pictures`: takes the pictures of docs/images from the product itself, by the clicks that docs/quickstart.md describes. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/chromium.ts';
import { startProduct } from '../support/product.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SIZE = { width: 1100, height: 760 };

const product = await startProduct();
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: SIZE });
  await logIn(page);

  await openRecord(page, 'mappings', 'github → inbox');
  await write(page, 'filter', 'body.action == "closed"');
  await write(page, 'template', '{"text": "{{ data.sender }} opened {{ data.title }}"}');
  await shoot(page, 'dashboard-mapping');
  await save(page);

  await openRecord(page, 'mappings', 'github → inbox');
  await write(page, 'filter', 'body.action = "opened"');
  await press(page, 'Save changes');
  await fieldOf(page, 'filter').getByText('compare with ==').waitFor();
  // The message that passes by would cover the form.
  await page.locator('.toast').first().waitFor({ state: 'detached' });
  await shoot(page, 'dashboard-refused');
  await write(page, 'filter', 'body.action == "opened"');
  await save(page);

  await page.getByRole('button', { name: 'New record' }).waitFor();
  await openCollection(page, 'destinations');
  await press(page, 'New record');
  await write(page, 'name', 'shop');
  await write(page, 'url', 'https://shop.example.com/hooks');
  await shoot(page, 'dashboard-new-destination');
  await press(page, 'Close');
  await press(page, 'Yes, discard');

  await openRecord(page, 'destinations', 'discord');
  await write(
    page,
    'url',
    'https://discord.com/api/webhooks/1180523849461760000/a-token-that-nobody-should-see-here-Xk2a',
  );
  await fieldOf(page, 'enabled').locator('input').check();
  await save(page);
  await openRecord(page, 'destinations', 'discord');
  await shoot(page, 'dashboard-discord');
} finally {
  await browser.close();
  await product.stop();
}

async function logIn(page: Page): Promise<void> {
  const { email, password } = product.login();
  await page.goto(`${product.pocketbaseUrl}/_/`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.collections-list .nav-item').first().waitFor();
}

async function openCollection(page: Page, collection: string): Promise<void> {
  await page.locator('.collections-list').getByText(collection, { exact: true }).click();
  await page.locator('.breadcrumbs').getByText(collection, { exact: true }).waitFor();
}

async function openRecord(page: Page, collection: string, name: string): Promise<void> {
  await openCollection(page, collection);
  await page.locator('.records-table tbody').getByText(name, { exact: true }).first().click();
  await fieldOf(page, 'name').waitFor();
}

function fieldOf(page: Page, name: string) {
  return page.locator('.record-upsert-modal .record-field-input', { has: page.locator(`[name="${name}"]`) });
}

async function write(page: Page, name: string, text: string): Promise<void> {
  const editor = fieldOf(page, name).locator('.editor-content, textarea, input').first();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
  await editor.blur();
}

async function press(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).locator('visible=true').first().click();
}

async function save(page: Page): Promise<void> {
  await press(page, 'Save changes');
  await page.locator('.record-upsert-modal').waitFor({ state: 'detached' });
  await page.locator('.toast').first().waitFor({ state: 'detached' });
}

/** Without the pointer, and when nothing moves any more. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
