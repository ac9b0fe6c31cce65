import { readFileSync } from 'node:fs';
import { readConfig } from '../../../api/src/config.ts';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

const chapters = new Map(
  read('docs/configuration.md')
    .split(/^## /m)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
);

/** The variables in the first column of the tables of one chapter. */
function documented(chapter: string): string[] {
  const text = chapters.get(chapter);
  if (text === undefined) throw new Error(`docs/configuration.md has no chapter "${chapter}"`);
  return [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => String(name)).sort();
}

test('the page lists what the API service reads, and nothing else', () => {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    { get: (_, name) => void asked.add(String(name).replace(/_FILE$/, '')) },
  );
  readConfig(environment);
  expect(asked.size).toBeGreaterThan(10);
  expect(documented('API service')).toEqual([...asked].sort());
});

test('the page lists what the PocketBase service reads, and nothing else', () => {
  expect(documented('PocketBase service')).toEqual(
    namesIn('pocketbase/internal/server/environment.go', /\br\.(?:text|keys|networks|ports|bool)\("([A-Z_]+)"\)/g),
  );
});

test('the page lists what docker-compose.yml passes on, and nothing else', () => {
  expect(documented('Containers')).toEqual(namesIn('docker-compose.yml', /\$\{([A-Z_]+)/g));
});

test('the page lists what the command line reads, and nothing else', () => {
  expect(documented('Command line')).toEqual(
    namesIn('api/src/cli/settings.ts', /\benv\.([A-Z_]+)|readVariable\('([A-Z_]+)'/g),
  );
});

function namesIn(file: string, pattern: RegExp): string[] {
  const names = [...read(file).matchAll(pattern)].map(([, first, second]) => first ?? String(second));
  expect(names).not.toEqual([]);
  return [...new Set(names)].sort();
}
