import { headerMap, storedHeaders } from '../../../api/src/ingest/headers.ts';
import { readHeaderText, writeHeaderText } from '../../../api/src/model/header-text.ts';

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

/** As Node gives it: one character for each byte. */
const onTheWire = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('latin1');

describe('header values beyond ASCII', () => {
  test.each([
    ['UTF-8', onTheWire('Grüße 漢字 🎉'), 'Grüße 漢字 🎉'],
    ['ISO-8859-1, which is no UTF-8', onTheWire('Grüße', 'latin1'), 'Grüße'],
    ['broken UTF-8', onTheWire('ü').slice(0, 1), 'Ã'],
    ['ASCII', 'plain', 'plain'],
    ['an encoded word', '=?utf-8?q?Gr=C3=BC=C3=9Fe?=', '=?utf-8?q?Gr=C3=BC=C3=9Fe?='],
  ])('%s is read in history and expressions', (_what, value, expected) => {
    const headers = storedHeaders(['X-Title', value], new Set());
    expect(headers).toEqual([['X-Title', expected]]);
    expect(headerMap(headers)).toEqual({ 'x-title': expected });
  });

  test.each(['Grüße', '漢字', '🎉', 'a\u00a0b', 'plain'])('what is sent comes back the same: %s', (text) => {
    expect(writeHeaderText(text)).not.toMatch(/[^\0-\xff]/);
    expect(readHeaderText(writeHeaderText(text))).toBe(text);
    // What is text already stays.
    expect(readHeaderText('漢字 🎉')).toBe('漢字 🎉');
  });
});
