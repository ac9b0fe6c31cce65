import { compileFilter, type FilterResult } from '../../../api/src/expressions/index.ts';
import { splitConjuncts } from '../../../api/src/expressions/scan.ts';
import { contextOf } from './context.ts';

const BODY = { action: 'opened', n: 5, text: 'a && b', pull_request: { draft: false }, labels: [{ name: 'bug' }] };

function evaluate(text: string): FilterResult {
  const filter = compileFilter(text);
  return filter.ok ? filter.value.evaluate(contextOf(BODY)) : { error: filter.error };
}

test.each([
  '',
  '  \n ',
  'true',
  'body.action == "opened" && body.pull_request.draft == false',
  'body.text == "a && b" && body.n == 5 // both && only',
  'body.labels.exists(l, l.name == "bug" && true)',
  'body.nope == 1 || body.n == 5',
  '!has(body.nope) && has(body.n)',
])('%s matches', (text) => {
  expect(evaluate(text)).toEqual({ matched: true });
});

test.each([
  ['false', 'false'],
  ['body.action == "opened" && body.n > 10', 'body.n > 10'],
  ['body.n > 10 && body.action == "closed"', 'body.n > 10'],
  ['body.nope == 1 && body.n == 5', 'body.nope == 1'],
  ['body.issue.draft == false', 'body.issue.draft == false'],
  ['body.n == 5 && (body.n == 1 || body.n == 2)', '(body.n == 1 || body.n == 2)'],
  ['body.n == 1 || body.n == 2 && body.n == 3', 'body.n == 1 || body.n == 2 && body.n == 3'],
  ['body.n == 5 && body.text == "x && y"\n  && true', 'body.text == "x && y"'],
  ['!(body.nope == true)', '!(body.nope == true)'],
  ['body.text > 1 && body.n == 1', 'body.n == 1'],
])('%s does not match, because of %s', (text, clause) => {
  expect(evaluate(text)).toEqual({ matched: false, clause });
});

test.each([
  ['body.n', 'true or false'],
  ['body.text > 1', 'string > number'],
  ['body.n == 5 &&\n  body.text > 1', 'line 2, column 3'],
  ['body.text > 1 && body.n == 5', 'string > number'],
  ['body.n == 5 &&', 'ends too early (line 1, column 15)'],
  ['bdy.n == 5', 'Unknown variable: bdy'],
])('%s is an error, never "no match"', (text, words) => {
  const result = evaluate(text);
  expect(result).toEqual({ error: expect.objectContaining({ message: expect.stringContaining(words) }) });
  expect(result).not.toHaveProperty('matched');
});

test('a clause is cut', () => {
  const result = evaluate(`body.action == "${'x'.repeat(1_000)}"`);
  expect('clause' in result && result.clause).toHaveLength(300);
});

test.each([
  ['a && b', ['a ', ' b']],
  ['a && (b && c) && [d && e]', ['a ', ' (b && c) ', ' [d && e]']],
  [`'&&' && """a" && b""" && r"\\"`, [`'&&' `, ` """a" && b""" `, ` r"\\"`]],
  ['a && b || c', ['a && b || c']],
  ['a && b ? c : d', ['a && b ? c : d']],
  ['a.?b.orValue(true) && c', ['a.?b.orValue(true) ', ' c']],
  ['a // && b\n && c', ['a // && b\n ', ' c']],
])('%s is split where its outermost && are', (text, parts) => {
  expect(splitConjuncts(text)).toEqual(parts);
});
