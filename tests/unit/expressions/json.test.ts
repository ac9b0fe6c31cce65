import fc from 'fast-check';
import { parseJson, stringifyJson } from '../../../api/src/expressions/index.ts';
import { MAX_DIGITS, MAX_NESTING } from '../../../api/src/expressions/json.ts';

function parsed(text: string): unknown {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

test.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-12345678901234567890', -12345678901234567890n],
  ['1234567890123456', 1234567890123456],
  ['0.12345678901234567890', 0.12345678901234568],
  ['12345678901234567890e2', Number('12345678901234567890e2')],
])('the number %s keeps its value', (text, value) => {
  expect(parsed(`{"n":${text}}`)).toEqual({ n: value });
});

test('digits inside texts are not numbers', () => {
  expect(parsed('{"a\\"1":"12345678901234567890","b":"\\\\","c":1}')).toEqual({
    'a"1': '12345678901234567890',
    b: '\\',
    c: 1,
  });
});

test.each([
  ['{"a":', 'not valid JSON: it breaks at position 5 (counted from 0)'],
  ['{"at position 99":1,}', 'it breaks at position 20 (counted from 0)'],
  ['{"a":1,"a":2,}', 'it breaks at position 13 (counted from 0)'],
  ['{"a":"', 'closing quote'],
  ['', 'empty'],
  ['[12345678901234567890,]', 'not valid JSON: it breaks at position 22'],
  ['['.repeat(MAX_NESTING + 1) + ']'.repeat(MAX_NESTING + 1), 'nests deeper'],
  ['['.repeat(400_000), 'nests deeper'],
  ['1'.repeat(MAX_DIGITS + 1), 'digits'],
])('%.20s is refused in words', (text, words) => {
  const result = parseJson(text);
  expect(result).toEqual({ ok: false, message: expect.stringContaining(words) });
});

test('the deepest nesting that is allowed is parsed, brackets in texts do not count', () => {
  const text = `${'['.repeat(MAX_NESTING)}"${'['.repeat(100)}"${']'.repeat(MAX_NESTING)}`;
  expect(stringifyJson(parsed(text))).toBe(text);
});

test.each([
  '{"__proto__":{"polluted":true},"a":12345678901234567890}',
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
])('a key __proto__ is a key like others: %s', (text) => {
  const value = parsed(text) as Record<string, unknown>;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(value.polluted).toBeUndefined();
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(stringifyJson(value)).toBe(text.replace('\\u005f', '_'));
});

test.each(['{"constructor":{"a":1},"b":2}', '{"constructor":null,"id":12345678901234567890}'])(
  'a key constructor survives: %s',
  (text) => {
    expect(stringifyJson(parsed(text))).toBe(text);
  },
);

test('a map of very many keys survives', () => {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`k${i}`, i])));
  expect(stringifyJson({ inside: parsed(text) })).toBe(`{"inside":${text}}`);
});

test('of two equal keys the last one counts, with big numbers or without', () => {
  expect(parsed('{"a":1,"a":2}')).toEqual({ a: 2 });
  expect(parsed('{"a":12345678901234567890,"a":2}')).toEqual({ a: 2 });
});

test('any JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(stringifyJson(parsed(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('any whole number comes back as it was', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (number) => {
      expect(stringifyJson(parsed(`{"list":[${number}]}`))).toBe(`{"list":[${number}]}`);
    }),
  );
});
