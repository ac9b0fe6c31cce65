import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { BODY_LIMITS, encodeBody, parseBody } from '../../../api/src/ingest/body.ts';
import { parseForm } from '../../../api/src/ingest/form.ts';

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
    expect(refused).toEqual({ ok: false, code: 'malformed_json', detail: expect.stringMatching(/\S{3}/) });
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

test('a byte order mark before JSON is no part of it', () => {
  expect(parseBody(Buffer.from('\ufeff{"a":1}'), 'application/json')).toEqual({ ok: true, value: { a: 1 } });
});

describe('what comes out is bounded, not what goes in', () => {
  const MEGABYTES = 5_000_000;
  const fill = (piece: string, bytes = MEGABYTES) => piece.repeat(bytes / piece.length);
  const fields = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=1`).join('&');
  const members = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`;

  test.each<[string, string, string, RegExp]>([
    ['a form of a million short fields', fields(1_000_000), FORM, /100000 fields/],
    ['a form of very many different names', fields(20_001), FORM, /20000 different names/],
    ['one field, a million times', fill('a=1&'), FORM, /100000 fields/],
    ['fields without names', fill('&'), FORM, /100000 fields/],
    [
      "too much in GitHub's form",
      `payload=${encodeURIComponent(`[${fill('1,', 500_000)}1]`)}`,
      FORM,
      /200000 names and values/,
    ],
    ['too much JSON that curl calls a form', `[${fill('1,')}1]`, FORM, /200000 names and values/],
    [
      'a long number before very many maps',
      `[98765432109876543210,${fill('{},')}{}]`,
      JSON_TYPE,
      /200000 names and values/,
    ],
    ['members', members(199_000), JSON_TYPE, /200000 names and values/],
    ['different names', members(20_001), JSON_TYPE, /20000 different names/],
    ['lists', `[${fill('[],')}[]]`, JSON_TYPE, /200000 names and values/],
    ['numbers', `[${fill('1e5,')}1]`, JSON_TYPE, /200000 names and values/],
    ['equal names', `{${fill('"a":1,')}"a":1}`, JSON_TYPE, /200000 names and values/],
    ['constructors', `[${fill('{"constructor":1},')}1]`, JSON_TYPE, /200000 names and values/],
    ['prototypes', `[${fill('{"__proto__":{}},')}1]`, JSON_TYPE, /200000 names and values/],
    [
      'siblings in the deep',
      `${'['.repeat(63)}${fill('[],')}[]${']'.repeat(63)}`,
      JSON_TYPE,
      /200000 names and values/,
    ],
    ['what is no JSON behind the limit', fill('1,'), JSON_TYPE, /200000 names and values/],
  ])('%s: refused with what the limit is', (_name, text, type, limit) => {
    const parse = jest.spyOn(JSON, 'parse');
    expect(parseBody(Buffer.from(text), type)).toEqual({
      ok: false,
      code: 'body_too_large',
      detail: expect.stringMatching(limit),
    });
    // Nothing was built, neither by the engine nor as fields.
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  test.each<[string, string, string]>([
    ['escapes', `"${fill('\\u0000')}"`, JSON_TYPE],
    ['quotes', `"${fill('\\"')}"`, JSON_TYPE],
    ['backslashes', `"${fill('\\\\')}"`, JSON_TYPE],
    ['a long name', `{"${fill('n')}":1}`, JSON_TYPE],
    ['blanks', `${fill(' ')}1`, JSON_TYPE],
    ['a field of escapes', `a=${fill('%00', 3_000_000)}`, FORM],
    ['a field of escapes that are no UTF-8', `a=${fill('%FF', 3_000_000)}`, FORM],
  ])('5 MB of %s are one value', (_name, text, type) => {
    expect(parseBody(Buffer.from(text), type).ok).toBe(true);
  });

  test('text that only begins like JSON stays text, however long', () => {
    const text = `[2026-01-01] ${fill('1,')}`;
    expect(parseBody(Buffer.from(text), 'text/plain')).toEqual({ ok: true, value: text });
  });

  test("GitHub's largest push comes through: 2,048 commits with 20 files each", () => {
    const person = { name: 'Mona', email: 'mona@example.com', username: 'mona' };
    const commit = (n: number) => ({
      id: String(n),
      tree_id: 't',
      distinct: true,
      message: 'm',
      timestamp: '2026-01-01T00:00:00Z',
      url: 'u',
      author: person,
      committer: person,
      added: [],
      removed: [],
      modified: Array.from({ length: 20 }, (_, i) => `src/${n}/${i}`),
    });
    const push = { ref: 'refs/heads/main', commits: Array.from({ length: 2_048 }, (_, n) => commit(n)) };
    expect(parseBody(Buffer.from(JSON.stringify(push)), JSON_TYPE)).toEqual({ ok: true, value: push });
  });
});

describe('a form', () => {
  const read = (text: string) => parseForm(Buffer.from(text), BODY_LIMITS);
  const reference = (text: string) => {
    const fields = new Map<string, string[]>();
    for (const [name, value] of new URLSearchParams(text)) fields.set(name, [...(fields.get(name) ?? []), value]);
    return fields;
  };
  const anywhere = fc.array(
    fc.constantFrom(
      'a',
      'b',
      '=',
      '&',
      '+',
      '%',
      '%2',
      '%41',
      '%zz',
      '%C3%BC',
      '%E2%82%AC',
      '%FF',
      '%ED%A0%80',
      '?',
      ';',
    ),
  );

  test('is read as URLSearchParams reads it', () => {
    fc.assert(
      fc.property(
        anywhere.map((parts) => parts.join('')),
        (text) => {
          expect([...(read(text) ?? [])]).toEqual([...reference(text)]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is read as URLSearchParams reads it: any text, written by it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (pairs) => {
        const text = new URLSearchParams(pairs).toString();
        expect([...(read(text) ?? [])]).toEqual([...reference(text)]);
      }),
    );
  });

  test('may hold as many fields as values are allowed, and no more', () => {
    expect(read('a&'.repeat(99_999))?.get('a')).toHaveLength(99_999);
    expect(read('a&'.repeat(100_000))).toBeUndefined();
  });
});
