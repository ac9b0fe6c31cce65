import fc from 'fast-check';
import { formatJson } from '../../../api/console/src/ui/format-json.ts';

test('every token stays as it was written', () => {
  expect(
    formatJson('{"id":9007199254740993,"e":1e400,"u":"\\u00e9 \\"{[,:]}\\"","a":[],"o":{},"l":[1,{"x":null}]}'),
  ).toBe(
    [
      '{',
      '  "id": 9007199254740993,',
      '  "e": 1e400,',
      '  "u": "\\u00e9 \\"{[,:]}\\"",',
      '  "a": [],',
      '  "o": {},',
      '  "l": [',
      '    1,',
      '    {',
      '      "x": null',
      '    }',
      '  ]',
      '}',
    ].join('\n'),
  );
});

test.each(['', 'hello', '{"a":', '{a:1}', 'a=1&b=2'])('%p is no JSON', (text) => {
  expect(formatJson(text)).toBeUndefined();
});

test('any JSON is laid out as JSON.stringify would', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnpairedSurrogates: true }), (value) => {
      expect(formatJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});
