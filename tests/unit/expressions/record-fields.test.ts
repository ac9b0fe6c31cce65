import { checkRecord } from '../../../api/src/kinds/check-expressions.ts';

const check = (kind: string) => (fields: Record<string, string>) => checkRecord(kind, (field) => fields[field] ?? '');
const checkSource = check('sources');
const checkMapping = check('mappings');

const source = { event_type: '', dedupe_key: '', extract: 'null' };
const mapping = { filter: '', template: 'null' };

test.each([
  source,
  { event_type: 'body.action', dedupe_key: 'headers["x-github-delivery"]', extract: '{"title":"body.issue.title"}' },
  { ...source, extract: '' },
])('a good source has no problems', (fields) => {
  expect(checkSource(fields)).toEqual({});
});

test.each([
  [{ ...source, event_type: 'bdy.x' }, 'event_type', 'Unknown variable: bdy'],
  [{ ...source, dedupe_key: '(1' }, 'dedupe_key', 'Expected )'],
  [{ ...source, extract: '{"title":"foo(1)"}' }, 'extract', 'In "title": There is no function foo'],
  [{ ...source, extract: '{"1st":"body"}' }, 'extract', 'In "1st": A name'],
  [{ ...source, extract: '{"constructor":"body"}' }, 'extract', 'A name'],
  [{ ...source, extract: '{"__proto__":"body"}' }, 'extract', 'A name'],
  [{ ...source, extract: '{"a":5}' }, 'extract', 'expression in quotes'],
  [{ ...source, extract: '["body"]' }, 'extract', 'map of names'],
  [{ ...source, extract: '{"a"' }, 'extract', 'map of names'],
  [
    { ...source, extract: JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`n${i}`, '1']))) },
    'extract',
    '50',
  ],
])('a bad source: %j', (fields, field, words) => {
  expect(checkSource(fields)).toEqual({ [field]: expect.stringContaining(words) });
});

test('every bad field is named at once', () => {
  expect(Object.keys(checkSource({ event_type: '(', dedupe_key: '(', extract: '{"a":"("}' }))).toEqual([
    'event_type',
    'dedupe_key',
    'extract',
  ]);
});

test.each([
  mapping,
  { filter: 'body.action == "opened"', template: '{"content":"{{ data.title }}"}' },
  { ...mapping, template: '"Hello {{ body.name }}"' },
  { ...mapping, template: '""' },
  { ...mapping, template: '' },
])('a good mapping has no problems', (fields) => {
  expect(checkMapping(fields)).toEqual({});
});

test.each([
  [{ ...mapping, filter: 'body.action = "opened"' }, 'filter', 'compare with =='],
  [{ ...mapping, filter: '"abc"' }, 'filter', 'must come to true or false'],
  [{ ...mapping, template: '{"embeds":[{"title":"{{ bdy }}"}]}' }, 'template', 'In embeds[0].title: Unknown variable'],
  [{ ...mapping, template: '"{{ body"' }, 'template', '{{ without }}'],
  [{ ...mapping, template: '{"a":' }, 'template', 'not valid JSON'],
])('a bad mapping: %j', (fields, field, words) => {
  expect(checkMapping(fields)).toEqual({ [field]: expect.stringContaining(words) });
});

test('a record is checked by its collection', () => {
  const read = (field: string) => (field === 'extract' || field === 'template' ? '"{{ ("' : '(');
  expect(Object.keys(checkRecord('sources', read))).toEqual(['event_type', 'dedupe_key', 'split', 'answer', 'extract']);
  expect(Object.keys(checkRecord('mappings', read))).toEqual(['filter', 'template']);
});
