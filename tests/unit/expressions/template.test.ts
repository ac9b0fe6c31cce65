import fc from 'fast-check';
import { compileTemplate, stringifyJson } from '../../../api/src/expressions/index.ts';
import { MAX_TEMPLATE_EXPRESSIONS } from '../../../api/src/expressions/template.ts';
import { contextOf } from './context.ts';

const BODY = {
  login: 'octo"cat\n',
  n: 7,
  big: 12345678901234567890n,
  yes: true,
  none: null,
  list: [1, 'two'],
  map: { a: 1 },
  evil: '{{ body.n }}',
};

function render(template: unknown, body: unknown = BODY) {
  const compiled = compileTemplate(template);
  return compiled.ok ? compiled.value.render(contextOf(body)) : compiled;
}

test.each<[unknown, unknown]>([
  ['plain', 'plain'],
  ['', ''],
  [null, null],
  [
    { n: 1, flag: true, none: null, list: [1.5] },
    { n: 1, flag: true, none: null, list: [1.5] },
  ],
  ['{{ body.n }}', 7],
  ['{{body.list}}', [1, 'two']],
  ['{{ body.big }}', 12345678901234567890n],
  [' {{ body.n }}', ' 7'],
  ['{{ body.login }} has {{ body.n }}', 'octo"cat\n has 7'],
  [
    'a {{ body.none }} b {{ body.yes }} c {{ body.list }} d {{ body.map }} e {{ body.big }}',
    'a  b true c [1,"two"] d {"a":1} e 12345678901234567890',
  ],
  [{ deep: [{ title: '#{{ body.n }}', raw: '{{ body.map }}' }] }, { deep: [{ title: '#7', raw: { a: 1 } }] }],
  ['{{ {"a": {"b": body.n}} }}', { a: { b: 7 } }],
  ['{{ "{{" }} and {{ "}}" }}', '{{ and }}'],
  ['{{ body.evil }}', '{{ body.n }}'],
  ['x {{ body.evil }}', 'x {{ body.n }}'],
  ['{{ body.?nope.orValue("nobody") }}', 'nobody'],
  ['}} { { }', '}} { { }'],
])('%j becomes %j', (template, value) => {
  expect(render(template)).toEqual({ ok: true, value });
});

test('__proto__ is a key like others', () => {
  const result = render(JSON.parse('{"__proto__":{"polluted":"{{ body.n }}"}}'));
  expect(result.ok && stringifyJson(result.value)).toBe('{"__proto__":{"polluted":7}}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each<[unknown, string | undefined, string]>([
  [{ embeds: [{ title: 'x {{ bdy.x }}' }] }, 'embeds[0].title', 'Unknown variable: bdy'],
  ['{{ body.', undefined, '{{ without }}'],
  [{ a: '{{ "}} }}' }, 'a', '{{ without }}'],
  [{ a: '{{ }}' }, 'a', 'ends too early'],
  [{ '{{ body.n }}': 1 }, undefined, 'A key can not hold an expression'],
  [Array(MAX_TEMPLATE_EXPRESSIONS + 1).fill('{{ 1 }}'), `[${MAX_TEMPLATE_EXPRESSIONS}]`, 'more than 200'],
  ['x'.repeat(100_001), undefined, 'longer than'],
  [JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`), '[0]'.repeat(33), 'nests deeper'],
])('%.60j is refused when it is saved', (template, where, words) => {
  const compiled = compileTemplate(template);
  expect(compiled).toMatchObject({ ok: false, error: { message: expect.stringContaining(words) } });
  expect(compiled.ok ? '' : compiled.error.where).toBe(where);
});

test.each([
  [{ a: ['{{ body.nope }}'] }, 'a[0]', '"nope" in this event'],
  [{ a: 'x {{ body.login > 1 }}' }, 'a', 'string > number'],
])('%j fails for this event and says where', (template, where, words) => {
  const result = render(template);
  expect(result).toMatchObject({ ok: false, error: { where, message: expect.stringContaining(words) } });
  expect(JSON.stringify(result)).not.toContain('octo');
});

test('the result has a limit', () => {
  const body = { text: 'x'.repeat(400_000) };
  expect(render('{{ body.text }}{{ body.text }}', body)).toMatchObject({ ok: true });
  expect(render({ a: '{{ body.text }}', b: '{{ body.text }}', c: '{{ body.text }}' }, body)).toMatchObject({
    ok: false,
    error: { where: 'c', message: expect.stringContaining('larger than 1048576') },
  });
});

test('whatever the payload holds, the result is the JSON of the template', () => {
  const template = { text: 'a {{ body }} b', value: '{{ body }}' };
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const result = render(template, body);
      if (!result.ok) throw new Error(result.error.message);
      const back = JSON.parse(stringifyJson(result.value));
      const json = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
      expect(back).toEqual({ text: `a ${json} b`, value: JSON.parse(JSON.stringify(body)) });
    }),
  );
});

test('any text is a template or a refusal, never a throw', () => {
  const parts = fc.array(
    fc.constantFrom('{{', '}}', '"', "'", 'body.n', '//', '\\', '(', '?', '&&', ' ', 'é', '{', '['),
  );
  fc.assert(
    fc.property(parts, (list) => {
      expect(typeof compileTemplate(list.join('')).ok).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});
