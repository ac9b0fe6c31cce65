import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { schemeDefaults } from '../../../api/src/ingest/verification/index.ts';
import type { VerificationScheme } from '../../../api/src/model/configuration.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/sources.md');
const contract = YAML.parse(read('api/dist/openapi.yaml'));
const schemes: VerificationScheme[] = contract.components.schemas.SourceFields.properties.verification.enum;

/** The cells of the rows that begin with these names, such as "`none`, `hmac`". */
function rows(text: string): { names: string[]; cells: string[] }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '))
    .map(([first = '', ...cells]) => ({ names: namesIn(first), cells }));
}

const namesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
const section = (title: string) => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('the page explains every scheme of the contract, and no other', () => {
  expect(rows(section('Verification')).flatMap(({ names }) => names)).toEqual(schemes);
});

test.each(schemes)('the page names what %s extracts', (scheme) => {
  const row = rows(section('What a source finds by itself')).find(({ names }) => names.includes(scheme));

  expect(namesIn(row?.cells[2] ?? '')).toEqual(Object.keys(schemeDefaults(scheme).extract));
});

test('the contract, the migration and the code know the same schemes', () => {
  const migration = read('pb_migrations/1795431910_any_verification.js');
  const [, list = ''] = /values = \[([^\]]+)\]/.exec(migration) ?? [];
  expect([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual(schemes);
  for (const scheme of schemes) expect(schemeDefaults(scheme)).toBeDefined();
});
