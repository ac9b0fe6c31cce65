import { DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';
import { cut } from '../../../api/src/destinations/text.ts';

describe.each(['http', 'inbox'] as const)('%s', (name) => {
  const type = DESTINATION_TYPES[name];

  it.each([
    ['a text', 'text/plain; charset=utf-8', 'a text'],
    [{ a: [1, null] }, 'application/json', '{"a":[1,null]}'],
    [[], 'application/json', '[]'],
    [null, 'application/json', 'null'],
    [9007199254740993n, 'application/json', '9007199254740993'],
  ])('sends %p as %s', (value, content_type, body) => {
    expect(type.fit(value)).toEqual({ body, content_type });
  });

  it("passes the event's body through without a template", () => {
    expect(type.defaultBody).toBeUndefined();
  });
});

it('sends to all but the inbox', () => {
  const sending = Object.entries(DESTINATION_TYPES).filter(([, { sends }]) => sends);
  expect(sending.map(([name]) => name)).toEqual(['http', 'discord', 'slack', 'teams', 'telegram', 'ntfy']);
});

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['abcd', 1, '…'],
  ['abcd', 0, ''],
  ['abcd', -5, ''],
  ['😀😀', 3, '😀…'],
  ['😀😀', 2, '…'],
  ['', 0, ''],
])('cuts %j to %d: %j', (text, max, expected) => {
  expect(cut(text, max)).toBe(expected);
});
