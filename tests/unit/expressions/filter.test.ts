import { compileFilter, type FilterResult, parseJson, stringifyJson } from '../../../api/src/expressions/index.ts';
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

test.each([
  ['"abc"', 'a text'],
  ['  "abc"  ', '(line 1, column 3, near `"abc"`)'],
  ['1', 'a number'],
  ['1.5', 'a number'],
  ['{}', 'a map'],
  ['[]', 'a list'],
  ['null', 'null'],
  ['bool', 'the name of a type'],
  ['b"x"', 'bytes'],
  ['method', 'a text'],
  ['size(body.labels)', 'a number'],
  ['body.labels.map(l, l.name)', 'a list'],
  ['body.n ? "yes" : "no"', 'a text'],
  ['duration("1s")', 'a length of time'],
  ['timestamp(body.at)', 'a time'],
  ['body.a + body.b', 'the result of a calculation'],
  ['-body.n', 'the result of a calculation'],
  ['body.?draft', 'an optional value; add .orValue(false)'],
  ['body.n == 5 &&\n  (body.n - 1)', '(line 2, column 3, near `(body.n - 1)`)'],
])('%s is refused: it can never be true or false', (text, words) => {
  const filter = compileFilter(text);
  expect(filter).toEqual({ ok: false, error: expect.anything() });
  if (filter.ok) return;
  expect(filter.error.message).toContain('A filter must come to true or false');
  expect(filter.error.message).toContain(words);
});

test.each([
  'body.draft',
  '!body.draft',
  'body.?draft.orValue(false)',
  'body.n ? body.a : "x"',
  'bool(body.draft)',
  '[true][0]',
  'cel.bind(x, body.n, x > 1)',
])('%s is taken: it can be true', (text) => {
  expect(compileFilter(text).ok).toBe(true);
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

describe('explained', () => {
  const explain = (text: string, body: unknown = BODY) => {
    const filter = compileFilter(text);
    if (!filter.ok) throw new Error(filter.error.message);
    return filter.value.explain(contextOf(body, { headers: { 'x-kind': 'k' }, data: { i: 1 } }));
  };
  const valuesOf = (text: string, body?: unknown) =>
    explain(text, body).flatMap(({ values }) => values.map(({ path, value }) => `${path} = ${value}`));

  test('each clause by itself, also behind the one that decides', () => {
    expect(explain('body.n > 10 && body.nope == 1 && body.text > 1 && body.action == "opened"')).toEqual([
      { clause: 'body.n > 10', result: 'false', values: [{ path: 'body.n', value: '5' }] },
      { clause: 'body.nope == 1', result: 'missing', values: [{ path: 'body.nope', value: null }] },
      {
        clause: 'body.text > 1',
        result: 'error',
        message: expect.stringContaining('string > number'),
        values: [{ path: 'body.text', value: '"a && b"' }],
      },
      { clause: 'body.action == "opened"', result: 'true', values: [{ path: 'body.action', value: '"opened"' }] },
    ]);
  });

  test.each([
    ['', []],
    ['true', []],
    ['method == "PUT" && source != "x"', ['method = "POST"', 'source = "github"']],
    ['(body.pull_request).draft', ['body.pull_request.draft = false']],
    ['has(body.a.b) && body.?action.orValue("") == ""', ['body.a.b = null', 'body.action = "opened"']],
    ['headers["x-kind"] == "z" || headers["x-kind"] == "k"', ['headers["x-kind"] = "k"']],
    ['body.list[data.i].x == 2', ['body.list[data.i].x = 2', 'data.i = 1']],
    ['body.labels.exists(l, l.name == body.action)', ['body.labels = [{"name":"bug"}]', 'body.action = "opened"']],
    ['body.labels.exists(l, body.list[l.n] == 1)', ['body.labels = [{"name":"bug"}]']],
    ['cel.bind(x, body.n, x > 9)', ['body.n = 5']],
    ['body.text.lowerAscii().startsWith("b")', ['body.text = "a && b"']],
    ['body.text.matches("b$")', ['body.text = "a && b"']],
    ['event.type == "x"', ['event.type = "issues.opened"']],
  ])('%s reads', (text, values) => {
    expect(valuesOf(text, { ...BODY, list: [{ x: 1 }, { x: 2 }] })).toEqual(values);
  });

  test.each<[string, unknown, string]>([
    ['a text', 'x'.repeat(1_000_000), `"${'x'.repeat(98)}…`],
    ['a list', Array(100_000).fill({ a: [null] }), '[{"a":[null]},{"a":[null]}'],
    [
      'a map of many keys',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
      '{"k0":0,"k1":1',
    ],
    ['a whole number', 9007199254740993n, '9007199254740993'],
    ['control characters', '\n'.repeat(200), `"\\n\\n`],
    ['a map with the key constructor', { constructor: 1 }, '{"constructor":1}'],
  ])('%s is shown in at most 100 characters', (_what, value, begin) => {
    const body = parseJson(stringifyJson({ v: value }));
    const [shown] = explain('body.v == 1', body.ok && body.value).flatMap(({ values }) => values);
    expect(shown?.value?.startsWith(begin)).toBe(true);
    expect(shown?.value?.length).toBeLessThanOrEqual(100);
  });

  test('ten values at most', () => {
    const text = Array.from({ length: 20 }, (_, i) => `body.a${i} == 1`).join(' || ');
    expect(valuesOf(text)).toHaveLength(10);
  });
});
