import { compileExpression, parseJson } from '../../../api/src/expressions/index.ts';
import { contextOf } from './context.ts';

const BODY = `{"action":"opened","count":5,"n":1,"half":0.5,"id":12345678901234567890,"nothing":null,"text":"héllo",
  "list":[1,2,3],"commits":[{"id":"a","files":["docs/x"]},{"id":"b"}],"race":{"constructor":"F1","__proto__":{"a":1}},
  "key":"secret-key","created":1700000000}`;

function context() {
  const body = parseJson(BODY);
  if (!body.ok) throw new Error(body.message);
  return contextOf(body.value, { data: { title: 'A title' } });
}

function evaluate(text: string) {
  const compiled = compileExpression(text);
  return compiled.ok ? compiled.value.evaluate(context()) : { ...compiled, missing: false };
}

test.each<[string, unknown]>([
  ['body.action', 'opened'],
  ['headers["x-github-event"] + "." + body.action', 'issues.opened'],
  ['event.type + " " + event.id', 'issues.opened mabcdefgh123456'],
  ['data.title', 'A title'],
  ['method + source', 'POSTgithub'],
  ['body.count > 3', true],
  ['3 < body.count', true],
  ['body.n == 1 && 1 == body.n && body.n != 2', true],
  ['1.0 == 1 && 1 == 1.0', true],
  ['size(body.commits) >= 2', true],
  ['body.n + 1 == 2', true],
  ['1 + body.n', 2],
  ['body.count / 2', 2.5],
  ['body.count % 2', 1],
  ['7 % body.count', 2],
  ['size(body.list) + 0.5', 3.5],
  ['body.n - body.half * 2', 0],
  ['-body.n', -1],
  ['body.n in [1, 2] && 2 in body.list && body.n in body.list', true],
  ['"action" in body', true],
  ['size(body.list)', 3],
  ['body.list[body.n]', 2],
  ['body.id', 12345678901234567890n],
  ['body.id == 12345678901234567890', true],
  ['{"id": body.id, "list": [body.n, "x", null]}', { id: 12345678901234567890n, list: [1, 'x', null] }],
  ['9007199254740991 + 0', 9007199254740991],
  ['9007199254740991 + 1', 9007199254740992n],
  ['body.nothing == null', true],
  ['body.text == 5', false],
  ['has(body.text) && !has(body.nope)', true],
  ['body.?nope.orValue("default")', 'default'],
  ['body.?nope.?deeper.orValue(null)', null],
  ['body.?text', 'héllo'],
  ['body.commits.map(c, c.id).join(", ")', 'a, b'],
  ['body.commits.filter(c, has(c.files)).map(c, c.id)', ['a']],
  ['body.commits.exists(c, c.id == "b")', true],
  ['body.list.all(i, i > 0)', true],
  ['body.list.exists_one(i, i == 2)', true],
  ['body.text.matches("^h.l+o$")', true],
  ['body.text.matches("(?i)HÉLLO")', true],
  ['body.text.truncate(3)', 'hé…'],
  ['body.text.truncate(5)', 'héllo'],
  ['"😀😀😀".truncate(2)', '😀…'],
  ['"😀😀".truncate(2)', '😀😀'],
  ['"a-b-c".replace("-", "+")', 'a+b+c'],
  ['"abc".replace("", "x")', 'abc'],
  ['fixed(body.count / 100, 2)', '0.05'],
  ['fixed(5, 1)', '5.0'],
  ['body.text.upperAscii()', 'HÉLLO'],
  ['string(body.n) + "!"', '1!'],
  ['timestamp(event.received_at)', '2026-01-31T12:00:00.000Z'],
  ['timestamp(int(body.created)) < timestamp(event.received_at)', true],
  ['timestamp(body.created)', '2023-11-14T22:13:20.000Z'],
  ['{"opened": "new", "closed": "done"}[body.action]', 'new'],
  ['duration("90s")', '90s'],
  ['uint(3)', 3],
  ['body.race.constructor', 'F1'],
  ['body.race.__proto__.a', 1],
])('%s', (text, value) => {
  expect(evaluate(text)).toEqual({ ok: true, value });
});

test.each([
  ['body.nope', '"nope"'],
  ['body.nothing.deeper', '"deeper"'],
  ['body.text.deeper', '"deeper"'],
  ['body["nope"]', '"nope"'],
  ['body.list[9]', 'no element'],
  ['body.constructor', '"constructor"'],
  ['body.__proto__', '"__proto__"'],
  ['body.toString', '"toString"'],
  ['body.list.length', '"length"'],
  ['body.?nope', 'orValue'],
])('%s is missing, not wrong', (text, words) => {
  expect(evaluate(text)).toMatchObject({
    ok: false,
    missing: true,
    error: { message: expect.stringContaining(words) },
  });
});

test('a key that the payload names is not told', () => {
  const result = evaluate('body[body.key]');
  expect(result).toMatchObject({ ok: false, missing: true });
  expect(JSON.stringify(result)).not.toContain('secret-key');
});

test.each([
  ['bdy.x', 'Unknown variable: bdy; there are body, headers', 1],
  ['body.a ==\n  bdy.x', 'line 2, column 3', 3],
  ['foo(1)', 'no function foo', 1],
  ['body.text.length()', 'use size', 1],
  ['body.text.toLowerCase()', 'use lowerAscii', 1],
  ['body.n = 1', 'compare with ==', 8],
  ['body.n & 1', 'written &&', 8],
  ['(body.n', 'Expected ) but found the end', 8],
  ['1 +', 'ends too early', 4],
  ['', 'ends too early', 1],
  ['"open', 'Unterminated string', 1],
  ['1 + "a"', 'number + string; string(…)', 1],
  ['headers["X-GitHub-Event"]', 'headers["x-github-event"]', 1],
  ['event.name', 'it has id, type', 7],
  ['body.text.matches("(")', 'not valid RE2', 19],
  ['body.text.matches("(?=x)")', 'not valid RE2', 19],
  ['body.text.matches(body.text)', 'literal text', 24],
  ['b"x".json()', 'no function json', 1],
  ['{body.action: 1}', 'literal texts', 7],
  ['{"constructor": 1}', 'can not have a key constructor', 2],
])('%s is refused when it is saved', (text, words, column) => {
  const compiled = compileExpression(text);
  expect(compiled).toMatchObject({ ok: false, error: { message: expect.stringContaining(words), column } });
  expect(compiled.ok ? 0 : compiled.error.message.length).toBeLessThanOrEqual(300);
});

test.each([
  ['body.text > 1', 'string > number'],
  ['"x" + body.n', 'string(…) makes a text'],
  ['body.n && true', 'true or false'],
  ['body.n ? 1 : 2', 'true or false, not number'],
  ['1 / 0', 'ivision by zero'],
  ['body.n / 0', 'ivision by zero'],
  ['body.n % 0', 'odulo by zero'],
  ['body.id + body.n', 'beyond 2^53'],
  ['body.id + 1', '64 bits'],
  ['body.n / (body.half - body.half)', 'JSON can hold'],
  ['type(body)', 'JSON can hold'],
  ['body[body.list]', 'key must be a text or a number'],
  ['body.list in body', 'key must be a text or a number'],
  ['body.list.contains("1")', 'list.contains(string)'],
  ['body.text.substring(body.n)', 'int(…) makes a whole number'],
  ['timestamp(1e300)', 'seconds since 1970'],
  ['b"x"', 'JSON can hold'],
  ['int(body.text)', 'int() can not'],
  ['bool(body.text)', 'bool() can not'],
  ['timestamp(body.text)', 'timestamp() needs'],
  ['duration(body.text)', 'duration() needs'],
  ['fixed(body.n, 99)', '0 to 20'],
  ['body.text.truncate(0)', 'at least 1'],
])('%s fails for this event, without a word of the payload', (text, words) => {
  const result = evaluate(text);
  expect(result).toMatchObject({ ok: false, missing: false, error: { message: expect.stringContaining(words) } });
  expect(JSON.stringify(result)).not.toContain('héllo');
});

test('headers, parameters and form fields named constructor do no harm', () => {
  const hostile = { constructor: 'x', a: 'b' } as unknown as Record<string, string>;
  const context = contextOf(hostile, { headers: hostile, query: hostile });
  const compiled = compileExpression('[headers.a, query.a, body.a, body.constructor]');
  expect(compiled.ok && compiled.value.evaluate(context)).toEqual({ ok: true, value: ['b', 'b', 'b', 'x'] });
});
