import { jest } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseLossless } from 'lossless-json';
import { parseJson, stringifyJson } from '../../../api/src/expressions/index.ts';
import { MAX_DIGITS, MAX_NESTING } from '../../../api/src/expressions/json-shape.ts';

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

describe('the same as the library for lossless numbers', () => {
  const library = (text: string): unknown => {
    try {
      return plain(
        parseLossless(text, undefined, {
          parseNumber: (digits) =>
            Number.isSafeInteger(Number(digits)) || !/^-?\d+$/.test(digits) ? Number(digits) : BigInt(digits),
          onDuplicateKey: ({ newValue }) => newValue,
        }),
      );
    } catch {
      return 'no JSON';
    }
  };
  const ours = (text: string): unknown => {
    const result = parseJson(text);
    return result.ok ? plain(result.value) : 'no JSON';
  };

  /** In a form that compares members in their order, whatever holds them. */
  function plain(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(plain);
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return { members: entries.map(([key, member]) => [key, plain(member)]) };
  }

  const strings = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '\u007f',
      '\u007f#12',
      '\u007f$',
      '\u007f#x',
      '\\u007f',
      '\ue000',
      '\ue000#12',
      '\ue000$',
      '\ue000#x',
      '\\ue000',
      'constructor',
      '12345678901234567890',
      '\0',
    ),
  );
  const spelled = fc
    .tuple(strings, fc.boolean())
    .map(([text, escaped]) =>
      escaped
        ? `"${[...text.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(text),
    );
  const numbers = fc.oneof(
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
    fc.constantFrom('-0', '1e5', '12345678901234567890.5', '12345678901234567890e2', '0.12345678901234567890', '1e999'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  );
  const { json } = fc.letrec<{ json: string; list: string; map: string }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      spelled,
      numbers,
      fc.constantFrom('true', 'false', 'null'),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('json'), { maxLength: 5 }).map((items) => `[${items.join(' , ')}]`),
    map: fc
      .array(fc.tuple(spelled, tie('json')), { maxLength: 5 })
      .map((members) => `{${members.map(([name, value]) => `${name} :${value}`).join(',')}}`),
  }));

  test('for any JSON with a long number', () => {
    fc.assert(
      fc.property(json, (text) => {
        const long = `[98765432109876543210,${text}]`;
        expect(ours(long)).toEqual(library(long));
      }),
      { numRuns: 500 },
    );
  });

  test('for any JSON into which something was put, or that was cut off', () => {
    const pieces = fc.constantFrom(
      '12345678901234567890',
      '"',
      '\\',
      ':',
      ',',
      '{',
      ']',
      '-',
      '.',
      'e',
      't',
      '\u007f#1',
      '0',
      ' ',
    );
    fc.assert(
      fc.property(json, fc.nat(), pieces, fc.nat(3), (text, at, piece, cut) => {
        const long = `[98765432109876543210,${text}]`;
        const place = at % long.length;
        const broken = long.slice(0, place) + piece + long.slice(place + cut);
        expect(ours(broken)).toEqual(library(broken));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '{12345678901234567890:1}',
    '[01234567890123456789]',
    '[--12345678901234567890]',
    '[+12345678901234567890]',
  ])('%s stays no JSON', (text) => {
    expect(ours(text)).toBe('no JSON');
  });
});

describe('what comes out is bounded, not what goes in', () => {
  const LIMITS = { values: 10, names: 3 };
  test.each([
    ['items', '[1,"2",true,null,{},[],7,8,9]', '[1,"2",true,null,{},[],7,8,9,0]', 'values'],
    ['nested lists', '[[[]],[[]],[[]],[[]]]', '[[[]],[[]],[[]],[[]],[[]]]', 'values'],
    ['members', '{"a":1,"a":2,"a":3,"b":4}', '{"a":1,"a":2,"a":3,"b":4,"c":5}', 'values'],
    ['long numbers', '[1234567890123456,1]', '[1234567890123456,1234567890123456]', 'values'],
    ['different names', '{"a":1,"b":2,"c":3}', '{"a":1,"b":2,"c":3,"d":4}', 'names'],
    ['different names of many maps', '[{"a":1},{"b":1},{"c":1}]', '[{"a":1,"b":1},{"c":1,"d":1}]', 'names'],
    ['names with escapes', '{"\\"":1,"\\\\":2,"c":3}', '{"\\"":1,"\\\\":2,"c":3,"d":4}', 'names'],
  ])('%s', (_name, fits, exceeds, what) => {
    expect(parseJson(fits, LIMITS).ok).toBe(true);
    expect(parseJson(exceeds, LIMITS)).toEqual({ ok: false, tooLarge: true, message: expect.stringContaining(what) });
  });

  test('a long text is one value, whatever is in it', () => {
    for (const inside of ['[,]', '{}', '\\"', '\\\\', '\\u0000', '1,'])
      expect(parseJson(`["${inside.repeat(10_000)}"]`, LIMITS).ok).toBe(true);
  });

  test('nothing is built of what is refused, or behind where it breaks', () => {
    const parse = jest.spyOn(JSON, 'parse');
    expect(parseJson(`[${'[],'.repeat(1_000)}`, LIMITS).ok).toBe(false);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });
});
