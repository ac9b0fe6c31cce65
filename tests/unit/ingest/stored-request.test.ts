import { queryMap } from '../../../api/src/ingest/query.ts';
import { storedRequest } from '../../../api/src/ingest/stored-request.ts';
import { aSource } from '../../support/records.ts';

const stored = (rawHeaders: string[], query = '', fields: Parameters<typeof aSource>[0] = {}) =>
  storedRequest(aSource(fields), rawHeaders, query);

test('what looks like a credential is redacted unless the source says otherwise, in any case', () => {
  const headers = ['X-Order-Key', '7', 'x-telegram-bot-api-secret-token', 't', 'X-Event-Key', 'repo:push'];
  expect(stored(headers).headers).toEqual([
    ['X-Order-Key', '[redacted]'],
    ['x-telegram-bot-api-secret-token', '[redacted]'],
    ['X-Event-Key', 'repo:push'],
  ]);
  expect(stored(headers, '', { not_redacted: ['x-ORDER-key'] }).headers).toEqual([
    ['X-Order-Key', '7'],
    ['x-telegram-bot-api-secret-token', '[redacted]'],
    ['X-Event-Key', 'repo:push'],
  ]);
  expect(stored(['X-Id', 'Bearer abc'], '', { not_redacted: ['x-id'] }).headers).toEqual([['X-Id', 'Bearer abc']]);
});

test('what lets somebody in and what verifies stay redacted whatever the source says', () => {
  const not_redacted = ['authorization', 'cookie', 'x-api-key', 'x-hub-signature-256'];
  const raw = not_redacted.flatMap((name) => [name, 'abc']);
  for (const [name, value] of stored(raw, '', { verification: 'github', secrets: ['s'], not_redacted }).headers)
    expect([name, value]).toEqual([name, '[redacted]']);
});

test.each([
  ['token=abc&id=7', 'token=[redacted]&id=7'],
  ['id=7&Access%5FToken=a%26b&x', 'id=7&Access%5FToken=[redacted]&x'],
  ['key=a=b==&key=', 'key=[redacted]&key='],
  ['q=Bearer+abc&r=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'q=[redacted]&r=[redacted]'],
  ['a[secret]=x&&b=%ff&c=1+2', 'a[secret]=[redacted]&&b=%ff&c=1+2'],
  ['id=7&bodySHA256=ab', 'id=7&bodySHA256=ab'],
  ['', ''],
])('query %j is stored as %j', (query, expected) => {
  expect(stored([], query).query).toBe(expected);
});

test('expressions see of a query what is stored, and nothing that is redacted', () => {
  expect(queryMap(stored([], 'token=abc&id=7&id=8').query)).toEqual({ id: ['7', '8'] });
  expect(queryMap(stored([], 'token=abc&id=7', { not_redacted: ['Token'] }).query)).toEqual({ token: 'abc', id: '7' });
});

test.each<[string, Record<string, string | string[]>]>([
  ['a=1', { a: '1' }],
  ['a=1&b=2&a=3&a=', { a: ['1', '3', ''], b: '2' }],
  ['a=1&a=1', { a: ['1', '1'] }],
  ['a[]=1&a[]=2', { 'a[]': ['1', '2'] }],
  ['tag=x+y&tag=%C3%BC', { tag: ['x y', 'ü'] }],
  ['a&a', { a: ['', ''] }],
  ['constructor=1&constructor=2', { constructor: ['1', '2'] } as never],
])('a repeated parameter is a list, as in forms: %s', (query, expected) => {
  expect(Object.entries(queryMap(query))).toEqual(Object.entries(expected));
});

test('of a repeated credential nothing is left, whatever stands beside it', () => {
  expect(queryMap(stored([], 'token=abc&token=def&id=7').query)).toEqual({ id: '7' });
});
