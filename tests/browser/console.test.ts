import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/pocketbase.ts';

const CONSOLE = join(ROOT, 'api/dist/console');
const FIRST_LOAD_BYTES = 250_000;

describe('the built console', () => {
  const page = readFileSync(join(CONSOLE, 'index.html'), 'utf8');
  const loaded = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => name as string);

  test('what the first page loads is small', () => {
    expect(loaded.length).toBeGreaterThanOrEqual(2);
    const bytes = loaded.map((name) => statSync(join(CONSOLE, `${name}.gz`)).size);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
  });

  test('it names no other origin to load from, and has no script or style in the page', () => {
    expect(page).not.toMatch(/<style|<script(?![^>]+src=)|https?:\/\//);
    for (const name of readdirSync(join(CONSOLE, 'assets')).filter((file) => file.endsWith('.css'))) {
      expect(readFileSync(join(CONSOLE, 'assets', name), 'utf8')).not.toMatch(/@import|url\((?!['"]?\/assets)/);
    }
  });
});
