import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { HANDSHAKES } from '../../../api/src/ingest/handshakes/index.ts';
import { VERIFICATION_SCHEMES } from '../../../api/src/model/configuration.ts';
import { PRESETS } from '../../../api/src/presets/index.ts';
import { PUBLISHED } from '../presets/payloads/published.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/sources.md');
const contract = YAML.parse(read('api/dist/openapi.yaml'));

const namesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
const section = (title: string) => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** The rows of a section's table, without its heading. */
const rows = (title: string) =>
  section(title)
    .split('\n')
    .filter((line) => /^\| \[?`/.test(line));

/** The values of a select field, as the newest migration that sets them has them. */
function valuesIn(migration: string): string[] {
  const [, list = ''] = /values(?: =|:) \[([^\]]+)\]/.exec(read(`pb_migrations/${migration}`)) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name as string);
}

test('the page, the contract, the migration and the code know the same schemes', () => {
  const schemes = rows('Verification').map((row) => namesIn(row)[0]);
  expect(schemes).toEqual(VERIFICATION_SCHEMES);
  expect(contract.components.schemas.SourceFields.properties.verification.enum).toEqual(VERIFICATION_SCHEMES);
  expect(valuesIn('1795431910_any_verification.js')).toEqual(VERIFICATION_SCHEMES);
});

test('the page explains every option of the verification', () => {
  const { properties } = contract.components.schemas.SourceFields.properties.verification_options;
  for (const option of Object.keys(properties)) expect(section('Any producer')).toContain(`\`${option}\``);
});

test("the page's table of presets is that of the code", () => {
  const code = (names: string[]) => names.map((name) => `\`${name}\``).join(', ');
  const expected = [...PRESETS].map(([name, { title, docs, verification, secret, extract = {}, handshake }]) =>
    [
      `\`${name}\``,
      `[${title}](${docs})`,
      `\`${verification}\``,
      secret || 'none',
      code(Object.keys(extract)),
      code(handshake ? [handshake] : []),
    ].join(' | '),
  );
  const withoutLast = rows('Presets').map((row) => row.slice(0, row.lastIndexOf(' | ')));
  expect(withoutLast).toEqual(expected.map((row) => `| ${row}`));
});

test('the page says how sure each preset is: by an example, exactly of those that are tested with one', () => {
  const known = new Map(rows('Presets').map((row) => [namesIn(row)[0], row.split(' | ').at(-1)?.replace(' |', '')]));
  for (const how of known.values()) expect(['library', 'example', 'documentation', 'quoted']).toContain(how);
  const exemplary = [...known].filter(([, how]) => how === 'example').map(([name]) => name);
  expect(exemplary.sort()).toEqual(PUBLISHED.map(({ preset }) => preset).sort());
});

test('the page names the presets that split', () => {
  const [, list = ''] = /The presets (.+) split by themselves/.exec(section('Several events in one request')) ?? [];
  const splitting = [...PRESETS].filter(([, { split }]) => split !== undefined).map(([name]) => name);
  expect(namesIn(list)).toEqual(splitting);
});

test('the README says how many vendors there are', () => {
  expect(read('README.md')).toContain(`${PRESETS.size} vendors`);
});

test('the dashboard offers every preset', () => {
  const added = /preset\.values\s*\.concat\(\[([^\]]+)\]\)/;
  const later = readdirSync(join(ROOT, 'pb_migrations')).flatMap((file) => {
    const [, list = ''] = added.exec(read(`pb_migrations/${file}`)) ?? [];
    return [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name as string);
  });
  expect([...valuesIn('1795431911_presets.js'), ...later].sort()).toEqual([...PRESETS.keys()]);
});

test('the page explains every handshake, and links to its documentation', () => {
  const links = rows('Handshakes').map((row) => row.split(' | ')[0]);
  expect(links).toEqual(Object.entries(HANDSHAKES).map(([name, { docs }]) => `| [\`${name}\`](${docs})`));
});
