import {
  differences,
  linesOf,
  numberOf,
  numberText,
  pairLines,
  pairsOf,
} from '../../../api/console/src/app/form-texts.ts';

test.each([
  ['a: body.a\n\n b:"https://x/" + body.c ', { a: 'body.a', b: '"https://x/" + body.c' }],
  ['no colon', { 'no colon': '' }],
  [' \n', null],
  ['', null],
])('the lines %j are the pairs %j', (lines, pairs) => expect(pairsOf(lines)).toEqual(pairs));

test('pairs become lines and come back', () => {
  const pairs = { 'X-Team': 'billing: east', 'X-Empty': '' };
  expect(pairsOf(pairLines(pairs))).toEqual(pairs);
  expect(pairLines(null)).toBe('');
});

test('blank lines are none', () => expect(linesOf(' a \n\n\tb')).toEqual(['a', 'b']));

test.each([
  ['', 0],
  [' 20 ', 20],
  ['0,5', 0.5],
  ['many', 'many'],
])('%j is sent as %j', (text, number) => expect(numberOf(text)).toBe(number));

test('a default is left empty', () => expect([0, undefined, 7].map(numberText)).toEqual(['', '', '7']));

test('only what differs is a change', () => {
  expect(differences({ a: 1, b: ['x'], c: null }, { a: 1, b: ['y'], c: null })).toEqual({ b: ['y'] });
});
