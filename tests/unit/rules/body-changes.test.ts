import { bodyChanges } from '../../../api/src/rules/body-changes.ts';

test.each<[string, string, string, [path: string, before: string | null, after: string | null][]]>([
  ['the same', '{"a":1,"b":[1]}', '{ "b": [1], "a": 1 }', []],
  ['a value', '{"a":1}', '{"a":2}', [['a', '1', '2']]],
  ['a type', '{"a":1}', '{"a":"1"}', [['a', '1', '"1"']]],
  ['null and nothing', '{"a":null}', '{}', [['a', 'null', null]]],
  ['a member more', '{}', '{"b":{"c":1}}', [['b', null, '{"c":1}']]],
  [
    'inside lists',
    '{"e":[{"t":"x"},2]}',
    '{"e":[{"t":"y"}]}',
    [
      ['e[0].t', '"x"', '"y"'],
      ['e[1]', '2', null],
    ],
  ],
  ['a list and a map', '[1]', '{"0":1}', [['', '[1]', '{"0":1}']]],
  ['unusual keys', '{"a b":{"c":1}}', '{"a b":{"c":2}}', [['["a b"].c', '1', '2']]],
  [
    'whole numbers beyond 2^53',
    '{"n":9007199254740993}',
    '{"n":9007199254740992}',
    [['n', '9007199254740993', '9007199254740992']],
  ],
  ['the key constructor', '{"constructor":1}', '{"constructor":2}', [['constructor', '1', '2']]],
  ['texts that are no JSON', 'a b', 'a c', [['', '"a b"', '"a c"']]],
  ['JSON and a text', '{"a":1}', 'plain', [['', '"{\\"a\\":1}"', '"plain"']]],
  ['an empty body', '', 'x', [['', '""', '"x"']]],
])('%s', (_what, before, after, changes) => {
  expect(bodyChanges(before, after)).toEqual(changes.map(([path, was, is]) => ({ path, before: was, after: is })));
});

test('of long texts what stands around the first difference is shown', () => {
  const [change] = bodyChanges(`${'x'.repeat(5_000)}before${'y'.repeat(500)}`, `${'x'.repeat(5_000)}after`);
  expect(change?.before).toMatch(/^"…x{20}before/);
  expect(change?.after).toBe(`"…${'x'.repeat(20)}after"`);
  expect(change?.before?.length).toBeLessThanOrEqual(100);
});

test('twenty changes are told', () => {
  const list = (value: number) => JSON.stringify(Array(1_000).fill(value));
  expect(bodyChanges(list(1), list(2))).toHaveLength(20);
});
