import { compileExpression, compileFilter, compileTemplate } from '../../../api/src/expressions/index.ts';
import { processorMs } from '../../support/own-time.ts';
import { contextOf } from './context.ts';

/** Far above what any case takes, far below what it would take without its limit. */
const SOON_MS = 5_000;

function evaluate(text: string, body: unknown) {
  const compiled = compileExpression(text);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const context = contextOf(body);
  let result: ReturnType<typeof compiled.value.evaluate> | undefined;
  expect(
    processorMs(() => {
      result = compiled.value.evaluate(context);
    }),
  ).toBeLessThan(SOON_MS);
  return result;
}

const repeat = (text: string, times: number, between: string) => Array(times).fill(text).join(between);
const elements = (length: number) => Array.from({ length }, (_, i) => ({ n: i }));
const manyKeys = (length: number) => Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i]));

test.each([
  ['brackets', `${'('.repeat(40)}1${')'.repeat(40)}`, 'too deeply nested'],
  ['fields', `body${'.a'.repeat(40)}`, 'too deeply nested'],
  ['sums', repeat('1', 300, '+'), 'too long'],
  ['negations', `${'!'.repeat(4_000)}true`, 'too long'],
  ['characters', `"${'x'.repeat(6_000)}"`, 'longer than 5000'],
  ['nested exists', 'body.exists(a, a.exists(b, b == 1))', 'can not be nested'],
  ['nested map in a filter', 'body.filter(a, size(a.map(b, b)) > 1)', 'can not be nested'],
])('%s: too much is refused when it is saved', (_name, text, words) => {
  expect(compileExpression(text)).toMatchObject({ ok: false, error: { message: expect.stringContaining(words) } });
});

test('a pattern that takes a backtracking engine minutes', () => {
  expect(evaluate('body.matches("^(a+)+$")', `${'a'.repeat(35)}!`)).toEqual({ ok: true, value: false });
});

test('comprehensions over 100,000 elements', () => {
  expect(evaluate('size(body.map(x, x.n))', elements(100_000))).toEqual({ ok: true, value: 100_000 });
});

test.each<[string, string, () => unknown, string]>([
  ['a list of a million', 'body.exists(x, x.n == 1)', () => Array(1_000_000).fill({}), 'too much to do'],
  ['100,000 errors in exists', 'body.exists(x, x.a == 1)', () => elements(100_000), 'too much to do'],
  ['errors that || would swallow', 'body.all(x, x.a > 1) || true', () => elements(100_000), 'too much to do'],
  ['a text that doubles', `[body]${'.map(a, a + a)'.repeat(25)}`, () => 'x'.repeat(1_000), 'longer than'],
  ['a list that doubles', `[body]${'.map(a, a + a)'.repeat(25)}`, () => [1, 2, 3], 'longer than'],
  ['lists of lists', `[body]${'.map(a, [a, a])'.repeat(25)}`, () => 'x', 'larger than'],
  [
    'lists of lists compared',
    `cel.bind(z, [body]${'.map(a, [a, a])'.repeat(20)}, z == z)`,
    () => 'x',
    'too much to do',
  ],
  ['texts by bind', 'cel.bind(a, body + body, cel.bind(b, a + a, b + b))', () => 'x'.repeat(200_000), 'longer than'],
  [
    'a long separator',
    'body.l.join(body.s)',
    () => ({ l: Array(9_999).fill(''), s: 'y'.repeat(9_999) }),
    'longer than',
  ],
  ['a long replacement', 'body.replace("a", body)', () => 'a'.repeat(100_000), 'longer than'],
  ['searching again and again', repeat('body.contains(body)', 60, ' && '), () => 'a'.repeat(500_000), 'too much to do'],
  [
    'the slowest search',
    'body.a.lastIndexOf(body.b)',
    () => ({ a: 'a'.repeat(200_000), b: 'a'.repeat(99_999) }),
    'too much',
  ],
  ['a huge list for in', repeat('5 in body', 60, ' || '), () => Array(1_000_000).fill(1), 'too much to do'],
  [
    'time zones',
    'body.map(x, timestamp(x).getHours("Europe/Berlin"))',
    () => Array(1_000).fill('2026-01-31T12:00:00Z'),
    'too much',
  ],
])('%s ends soon', (_name, text, body, words) => {
  expect(evaluate(text, body())).toMatchObject({
    ok: false,
    missing: false,
    error: { message: expect.stringContaining(words) },
  });
});

/** 2^25 elements by reference: whatever writes them out never ends. */
const TANGLE = `(true ? [body]${'.map(a, [a, a])'.repeat(25)} : body)`;

test.each([
  `body[${TANGLE}]`,
  `${TANGLE} in {"a": 1}`,
  `${TANGLE}.join(",")`,
  `${TANGLE}.contains("x")`,
  `"x".contains(${TANGLE})`,
  `"x".replace("x", ${TANGLE})`,
  `string(${TANGLE})`,
  `${TANGLE} in ${TANGLE}`,
])('lists of lists: %.20s… ends soon', (text) => {
  expect(evaluate(text, 'x')).toMatchObject({ ok: false });
});

test('a pattern whose states multiply ends soon', () => {
  const text = Array.from({ length: 100_000 }, (_, i) => 'ab'[((i * i) % 7) & 1]).join('');
  expect(evaluate('body.matches("(a|b)*a(a|b){14}c.*(x|y)*x(x|y){10}$")', `${text}c${text}`)).toHaveProperty('ok');
});

test.each([repeat('"x" in body', 60, ' || '), repeat('size(body)', 60, ' + '), repeat('body', 60, ' || ')])(
  'a map of very many keys: %.30s ends soon',
  (text) => {
    expect(evaluate(text, manyKeys(200_000))).toHaveProperty('ok');
  },
);

test('work is counted anew for each event', () => {
  const compiled = compileExpression('body.exists(x, x == 1)');
  if (!compiled.ok) throw new Error(compiled.error.message);
  for (let i = 0; i < 10; i++) {
    expect(compiled.value.evaluate(contextOf(Array(100_000).fill(0)))).toEqual({ ok: true, value: false });
  }
});

test('the expressions of a template share one amount of work', () => {
  const compiled = compileTemplate(Array(100).fill('{{ body.exists(x, x == 1) }}'));
  if (!compiled.ok) throw new Error(compiled.error.message);
  expect(compiled.value.render(contextOf(Array(10_000).fill(0)))).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('too much to do') },
  });
});

describe('what a record may be made of', () => {
  const PATTERN = '{{ body.s.matches("\\\\pL{40}\\\\pN{20}") }}';

  test.each<[string, unknown]>([
    ['many large expressions', Array(20).fill(`{{ ${repeat('body.a', 160, '+')} }}`)],
    ['many loops', Array(20).fill(`{{ ${repeat('body.exists(x, x == 1)', 60, '||')} }}`)],
    ['many patterns', Array.from({ length: 190 }, (_, i) => PATTERN.replace('40', String(40 + (i % 30))))],
    ['many values', Array(33_000).fill([])],
  ])('%s: refused', (_name, template) => {
    expect(compileTemplate(template)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('too large together') },
    });
  });

  test('one pattern in many places counts once', () => {
    expect(compileTemplate(Array(190).fill(PATTERN))).toMatchObject({ ok: true });
  });

  test('a template of 200 expressions and a filter of 100 clauses are within it', () => {
    const template = Array(200).fill('{{ body.repository.full_name + "#" + string(body.issue.number) }}');
    expect(compileTemplate(template)).toMatchObject({ ok: true });
    expect(compileFilter(repeat('body.action == "opened"', 100, ' && '))).toMatchObject({ ok: true });
  });
});

test('all expressions of an event share one amount of work', () => {
  const [greedy, modest] = ['body.exists(x, x == 1)', 'size(body)'].map((text) => compileExpression(text));
  if (!greedy?.ok || !modest?.ok) throw new Error('not compiled');
  const context = contextOf(Array(45_000).fill(0));
  const results = Array.from({ length: 5 }, () => greedy.value.evaluate(context).ok);
  expect(results.slice(0, 2)).toEqual([true, true]);
  expect(results.at(-1)).toBe(false);
  expect(modest.value.evaluate(context).ok).toBe(false);
});

test('what patterns keep of their matches is limited', () => {
  const pattern = compileExpression('body.matches("(a|b)*a(a|b){14}c|\\\\pL\\\\pN\\\\pS")');
  if (!pattern.ok) throw new Error(pattern.error.message);
  const text = Array.from({ length: 10_000 }, (_, i) => 'ab'[((i * i) % 7) & 1]).join('');
  const results = Array.from({ length: 20 }, () => pattern.value.evaluate(contextOf(`${text}c`)));
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
});
