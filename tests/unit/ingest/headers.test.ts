import { headerMap, storedHeaders } from '../../../api/src/ingest/headers.ts';

describe('stored headers', () => {
  test('keep order, spelling and repetition', () => {
    const raw = ['Host', 'a', 'X-Tag', '1', 'x-tag', '2', 'Empty', ''];
    expect(storedHeaders(raw, new Set())).toEqual([
      ['Host', 'a'],
      ['X-Tag', '1'],
      ['x-tag', '2'],
      ['Empty', ''],
    ]);
  });

  test.each([
    ['named by the source, in any case', 'X-Hub-Signature-256', 'sha256=abc'],
    ['a bearer token under any name', 'X-Custom', 'Bearer abc'],
    ['a basic credential under any name', 'x-forwarded-authorization', 'Basic dTpw'],
    ['a JWT under any name', 'X-Id', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'],
  ])('credentials are redacted: %s', (_name, name, value) => {
    expect(storedHeaders([name, value], new Set(['x-hub-signature-256']))).toEqual([[name, '[redacted]']]);
  });

  test('what is no credential stays', () => {
    expect(storedHeaders(['X-Note', 'the bearer of news'], new Set(['x-other']))).toEqual([
      ['X-Note', 'the bearer of news'],
    ]);
  });
});

describe('headers for expressions', () => {
  test('have lower-case names, repeated ones joined', () => {
    const map = headerMap([
      ['X-Tag', '1'],
      ['Content-Type', 'a/b'],
      ['x-tag', '2'],
    ]);
    expect(map).toEqual({ 'x-tag': '1, 2', 'content-type': 'a/b' });
  });

  test.each(['constructor', '__proto__', 'toString'])('may be called %s', (name) => {
    expect(Object.entries(headerMap([[name, 'x']]))).toEqual([[name.toLowerCase(), 'x']]);
  });
});

test('expressions do not see a redacted header: a key made of one would be the same for every event', () => {
  const headers = storedHeaders(['X-Sig', 'abc', 'X-Other', 'Token order-1', 'X-Plain', 'yes'], new Set(['x-sig']));
  expect(headers).toContainEqual(['X-Sig', '[redacted]']);
  expect(headerMap(headers)).toEqual({ 'x-plain': 'yes' });
});
