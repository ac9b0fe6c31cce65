import { createRequire } from 'node:module';
import { encodeBody, parseBody } from '../../../api/src/ingest/body.ts';

const examples: { examples: unknown[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const bytes = (...values: number[]) => Buffer.from(values);
const big = 9_007_199_254_740_993n;

describe('the body as expressions see it', () => {
  test.each<[string, string | Buffer, string, unknown]>([
    ['nothing', '', JSON_TYPE, null],
    ['JSON', '{"a":[1,null,"ü"]}', JSON_TYPE, { a: [1, null, 'ü'] }],
    ['JSON with a charset', '{"a":1}', 'Application/JSON; charset=utf-8', { a: 1 }],
    ['JSON of a dialect', '{"a":1}', 'application/vnd.github+json', { a: 1 }],
    ['text/json', '[1]', 'text/json', [1]],
    ['a JSON text that is no object', '"a"', JSON_TYPE, 'a'],
    ['a whole number beyond 2^53', `{"id":${big}}`, JSON_TYPE, { id: big }],
    ['a form', 'a=1&b=x+y&a=2&c=%C3%BC', FORM, { a: ['1', '2'], b: 'x y', c: 'ü' }],
    ['a field three times', 'a=1&a=2&a=3', FORM, { a: ['1', '2', '3'] }],
    ["GitHub's form", `payload=${encodeURIComponent('{"action":"opened"}')}`, FORM, { action: 'opened' }],
    ["GitHub's form with a big number", `payload={"id":${big}}`, FORM, { id: big }],
    ['a payload that is no JSON', 'payload=hello', FORM, { payload: 'hello' }],
    ['a payload among other fields', 'payload={"a":1}&b=2', FORM, { payload: '{"a":1}', b: '2' }],
    ['JSON that curl calls a form', '{"a":"b=c"}', FORM, { a: 'b=c' }],
    ['what only looks like JSON in a form', '{a}=1', FORM, { '{a}': '1' }],
    ['text', 'disk full', 'text/plain', 'disk full'],
    ['JSON that a script calls text', ' {"a":1}', 'text/plain', { a: 1 }],
    ['broken JSON called text', '{"a":', 'text/plain', '{"a":'],
    ['XML', '<a b="1"/>', 'application/xml', '<a b="1"/>'],
    ['XML of a dialect', '<feed/>', 'application/atom+xml', '<feed/>'],
    ['text without a type', 'hello', '', 'hello'],
    ['JSON without a type', '[true]', '', [true]],
    ['something else', 'hello', 'application/octet-stream', null],
    ['bytes', bytes(0xff, 0xd8, 0xff), 'image/jpeg', null],
    ['text that is not UTF-8', bytes(0x66, 0xfc, 0x72), 'text/plain', null],
    ['a text with a NUL', 'a\0b', 'text/plain', 'a\0b'],
  ])('%s', (_name, raw, type, value) => {
    expect(parseBody(Buffer.from(raw), type)).toEqual({ ok: true, value });
  });

  test('a form field may have any name', () => {
    const parsed = parseBody(Buffer.from('__proto__=1&constructor=2'), FORM);
    expect(parsed.ok && Object.entries(parsed.value as object)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

describe('refused under a JSON type only', () => {
  test.each([
    ['broken JSON', '{"a":'],
    ['trailing text', '{} {}'],
    ['blanks', '  '],
    ['invalid UTF-8', bytes(0x22, 0xff, 0x22)],
    ['a NUL', '{"a":\0}'],
    ['too deep', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['a number without end', '1'.repeat(2_000)],
  ])('%s', (_name, raw) => {
    const refused = parseBody(Buffer.from(raw), JSON_TYPE);
    expect(refused).toEqual({ ok: false, message: expect.stringMatching(/\S{3}/) });
    expect(parseBody(Buffer.from(raw), 'text/plain').ok).toBe(true);
  });
});

describe('the bytes are kept exactly', () => {
  test.each<[string, string | Buffer, 'utf8' | 'base64']>([
    ['nothing', '', 'utf8'],
    ['JSON with its blanks', '{ "a" : 1.0 }\r\n', 'utf8'],
    ['other scripts', 'ü 漢字 🎉', 'utf8'],
    ['a byte order mark', '\uFEFF{}', 'utf8'],
    ['a text with a NUL', 'a\0b', 'base64'],
    ['bytes', bytes(0, 1, 0xff), 'base64'],
    ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80), 'base64'],
    ['an overlong form', bytes(0xc0, 0xaf), 'base64'],
  ])('%s', (_name, raw, encoding) => {
    const stored = encodeBody(Buffer.from(raw));
    expect(stored.body_encoding).toBe(encoding);
    expect(Buffer.from(stored.body, encoding)).toEqual(Buffer.from(raw));
  });
});

test('every GitHub example comes through as JSON and as a form', () => {
  const all = examples.flatMap((one) => one.examples);
  expect(all.length).toBeGreaterThan(100);
  for (const example of all) {
    const json = JSON.stringify(example);
    const expected = { ok: true, value: example };
    expect(parseBody(Buffer.from(json), JSON_TYPE)).toEqual(expected);
    expect(parseBody(Buffer.from(`payload=${encodeURIComponent(json)}`), FORM)).toEqual(expected);
  }
});

test('a form with a field repeated half a million times is read in no time', () => {
  const raw = Buffer.from('a=1&'.repeat(500_000));
  const started = performance.now();
  const parsed = parseBody(raw, 'application/x-www-form-urlencoded');
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(parsed.ok && (parsed.value as { a: string[] }).a).toHaveLength(500_000);
});

test('a byte order mark before JSON is no part of it', () => {
  expect(parseBody(Buffer.from('\ufeff{"a":1}'), 'application/json')).toEqual({ ok: true, value: { a: 1 } });
});

test('JSON of very many members is refused before it is built', () => {
  const text = `{${Array.from({ length: 200_001 }, (_, i) => `"k${i}":1`).join(',')}}`;
  const parsed = parseBody(Buffer.from(text), 'application/json');
  expect(parsed).toEqual({ ok: false, message: 'the JSON has more than 200000 members' });
});
