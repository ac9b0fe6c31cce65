import { excerptOf } from '../../../api/src/ingest/excerpt.ts';

const excerpt = (text: string | Buffer, type = 'application/json', secrets: string[] = []) =>
  excerptOf(Buffer.from(text), type, secrets);

test.each<[string, string, string]>([
  ['a key', '{"api_key": "abc", "id": 1,', '{"api_key": "[redacted]", "id": 1,'],
  ['a key without blanks', '{"password":"a\\"b","x":"y"', '{"password":"[redacted]","x":"y"'],
  ['a number', '{"secret":12345,', '{"secret":[redacted],'],
  ['single quotes', "{'accessToken': 'abc', 'a': 'b'}", "{'accessToken': '[redacted]', 'a': 'b'}"],
  ['no quotes', '{token: abc, name: b}', '{token: [redacted], name: b}'],
  ['a form', 'client_secret=abc&id=7', 'client_secret=[redacted]&id=7'],
  ['XML', '<password>abc</password><a>b</a>', '<password>[redacted]</password><a>b</a>'],
  ['JSON in a text', '"{\\"token\\":\\"abc\\",\\"a\\":1}', '"{\\"token\\":\\"[redacted]\\",\\"a\\":1}'],
  ['what is cut off', '{"password": "abc', '{"password": "[redacted]'],
  ['a bearer token', '{"a": "Bearer abcdefgh1234"}', '{"a": "[redacted]"}'],
  ['a JWT', '{"a": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x"}', '{"a": "[redacted]"}'],
  ['a login in a URL', 'see https://ada:pass@example.com/a', 'see https://[redacted]@example.com/a'],
  ['keys that only tell apart', '{"idempotency_key": "a", "sort_key": 1,', '{"idempotency_key": "a", "sort_key": 1,'],
  ['nothing', '', ''],
])('masked: %s', (_name, text, expected) => {
  expect(excerpt(text)).toBe(expected);
});

test("the source's own secrets are masked wherever they stand", () => {
  expect(excerpt('{"x": "a long secret", "y"', 'application/json', ['a long secret', 'short'])).toBe(
    '{"x": "[redacted]", "y"',
  );
});

test('no more than 1 KiB, and nothing of a secret that is cut off there', () => {
  const text = `${'x'.repeat(1_015)} "token": "${'s'.repeat(200)}"`;
  expect(excerpt(text)).toHaveLength(1_024);
  expect(excerpt(`${'x'.repeat(1_000)} "token": "${'s'.repeat(2_000)}"`)).not.toContain('sss');
});

test('in the charset that is declared; other bytes show as such', () => {
  expect(excerpt(Buffer.from([0x7b, 0xfc]), 'application/json; charset=latin1')).toBe('{ü');
  expect(excerpt(Buffer.from([0x7b, 0xfc]))).toBe('{\ufffd');
});
