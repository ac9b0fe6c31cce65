import { parseJson, stringifyJson } from '../../../api/client/json.ts';

it.each([
  '{"id":9007199254740993,"n":1,"list":[-12345678901234567890,1.5,"12345678901234567890",null,true]}',
  '{"a":{"b":[]},"text":"1234567890123456"}',
  '12345678901234567890',
])('comes back as it was: %s', (text) => expect(stringifyJson(parseJson(text))).toBe(text));

it('makes plain numbers of all that a double holds', () =>
  expect(parseJson('{"n":12,"most":9007199254740991,"half":0.5,"long":1234567890123456.5}')).toEqual({
    n: 12,
    most: 9007199254740991,
    half: 0.5,
    long: 1234567890123456.5,
  }));

it('is indented as JSON.stringify would', () =>
  expect(stringifyJson({ n: 9007199254740993n, list: [1] }, 2)).toBe(
    '{\n  "n": 9007199254740993,\n  "list": [\n    1\n  ]\n}',
  ));

it.each(['{"n":', '{"n":12345678901234567890,}'])('throws a SyntaxError for %s', (text) =>
  expect(() => parseJson(text)).toThrow(SyntaxError),
);
