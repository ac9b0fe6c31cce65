import { compileExpression } from '../../../api/src/expressions/index.ts';
import { contextOf } from './context.ts';

function evaluate(text: string, body: unknown = null) {
  const compiled = compileExpression(text);
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value.evaluate(contextOf(body));
}

test.each<[string, unknown, unknown]>([
  ['jsonDecode(body).a[1]', '{"a":[1,2]}', 2],
  ['jsonDecode(body).id', '{"id":9007199254740993}', 9007199254740993n],
  ['jsonDecode(body.Message).detail.state', { Message: '{"detail":{"state":"ALARM"}}' }, 'ALARM'],
  ['jsonDecode(body).constructor', '{"constructor":"x"}', 'x'],
  ['jsonDecode(body)', '"text"', 'text'],
  ['jsonDecode(jsonEncode(body)) == body', { a: [1, null, 'ü'] }, true],
  ['jsonEncode(body.a)', { a: { b: 'x"y', n: 9007199254740993n } }, '{"b":"x\\"y","n":9007199254740993}'],
  ['jsonEncode([1, timestamp(0)])', null, '[1,"1970-01-01T00:00:00.000Z"]'],
  ['base64Encode(body)', 'Grüße 🎉', 'R3LDvMOfZSDwn46J'],
  ['base64Decode(body)', 'R3LDvMOfZSDwn46J', 'Grüße 🎉'],
  ['base64Decode(body)', 'R3LDvMOf\r\nZQ', 'Grüße'],
  ['base64Decode(body)', 'Pz8_Pj4-', '???>>>'],
  ['jsonDecode(base64Decode(body.message.data)).id', { message: { data: 'eyJpZCI6N30=' } }, 7],
  ['sha256("abc")', null, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['sha256(body)', 'ü', '607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f'],
  ['body.escapeHtml()', `<a href="x">'&'</a>`, '&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;'],
  ['body.escapeUrl()', 'a/b c?d=ü&e', 'a%2Fb%20c%3Fd%3D%C3%BC%26e'],
  ['body.escapeUrl()', 'a\ud800b', 'a%EF%BF%BDb'],
  ['body.escapeMarkdown()', '*bold* [x](https://a)', '\\*bold\\* \\[x\\](https\\://a)'],
  ['format(body, 2)', 1234.5, '1,234.50'],
  ['format(1234567, 0)', null, '1,234,567'],
  ['format(body, 2, "de")', -1234.555, '-1.234,56'],
  ['format(body, 0)', 0.5, '1'],
  ['format(timestamp(body), "%Y-%m-%d %H:%M:%S.%L")', '2026-01-31T09:05:07.089Z', '2026-01-31 09:05:07.089'],
  [
    'format(timestamp(body), "%a %e %b %y, %I:%M %p %z", "Europe/Berlin")',
    '2026-07-04T22:30:00Z',
    'Sun 5 Jul 26, 12:30 AM +0200',
  ],
  [
    'format(timestamp(body), "%A, %B %d %F %T %z 100%%", "-05:30")',
    '2026-01-01T00:00:00Z',
    'Wednesday, December 31 2025-12-31 18:30:00 -0530 100%',
  ],
])('%s of %j', (text, body, expected) => {
  expect(evaluate(text, body)).toEqual({ ok: true, value: expected });
});

test.each<[string, unknown, string]>([
  ['jsonDecode(body)', '{"a":', 'of jsonDecode() can not be read'],
  ['jsonDecode(body)', '['.repeat(100), 'nests deeper'],
  ['base64Decode(body)', 'no base64!', 'needs base64'],
  ['base64Decode(body)', 'abcde', 'needs base64'],
  ['base64Decode(body)', '/w==', 'no text in UTF-8'],
  ['format(body, 21)', 1, 'must be 0 to 20'],
  ['format(body, 2, "no language")', 1, 'no such language'],
  ['format(timestamp(0), "%Q")', null, 'knows no %Q'],
  ['format(timestamp(0), "100%")', null, 'knows no %'],
  ['format(timestamp(0), "%Y", "Nowhere/Here")', null, 'no such time zone'],
])('%s of %j fails in words, without the payload', (text, body, message) => {
  const outcome = evaluate(text, body);
  expect(outcome).toEqual({
    ok: false,
    missing: false,
    error: expect.objectContaining({ message: expect.stringContaining(message) }),
  });
});

test('what they do counts like everything else', () => {
  const text = 'x'.repeat(100_000);
  for (const call of [
    'jsonDecode(t)',
    'jsonEncode(t)',
    'base64Encode(t)',
    'sha256(t)',
    't.escapeUrl()',
    't.escapeMarkdown()',
  ]) {
    const outcome = evaluate(`body.all(t, ${call} != "")`, Array(500).fill(`"${text}"`));
    expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringContaining('too much to do') } });
  }
});

test('what is known by another name is told', () => {
  expect(() => evaluate('parseJson(body)')).toThrow('use jsonDecode');
  expect(() => evaluate('jsonDecode(1)')).toThrow(/not defined/);
});
