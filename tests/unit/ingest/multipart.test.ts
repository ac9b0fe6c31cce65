import { parseBody } from '../../../api/src/ingest/body.ts';

const BOUNDARY = '----WebKitFormBoundary7MA4';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const part = (disposition: string, content: string | Buffer, ...headers: string[]) =>
  Buffer.concat([
    Buffer.from([`--${BOUNDARY}`, `Content-Disposition: form-data; ${disposition}`, ...headers, '', ''].join('\r\n')),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
const bytes = (...values: number[]) => Buffer.from(values);

describe('multipart/form-data', () => {
  test.each<[string, Buffer, unknown]>([
    ['fields', form(part('name="a"', '1'), part('name="b"', 'zwei\r\nü')), { a: '1', b: 'zwei\r\nü' }],
    ['a name three times', form(...['1', '2', '3'].map((n) => part('name="a"', n))), { a: ['1', '2', '3'] }],
    [
      'lines that end with LF',
      Buffer.from(String(form(part('name="a"', 'ü'), part('name="b"', '2'))).replaceAll('\r', '')),
      { a: 'ü', b: '2' },
    ],
    [
      'blanks behind the boundary',
      Buffer.from(String(form(part('name="a"', '1'))).replaceAll(`${BOUNDARY}\r`, `${BOUNDARY} \t\r`)),
      { a: '1' },
    ],
    ['an empty field', form(part('name="a"', '')), { a: '' }],
    [
      'a field that is JSON',
      form(part('name="payload"', '{"event":"media.play"}', 'Content-Type: application/json')),
      { payload: { event: 'media.play' } },
    ],
    ['a field that looks like JSON', form(part('name="payload"', '{"event":1}')), { payload: '{"event":1}' }],
    ['broken JSON in a field', form(part('name="a"', '{', 'Content-Type: application/json')), { a: '{' }],
    [
      'a file',
      form(part('name="f"; filename="a b.png"', bytes(0x89, 0, 1), 'Content-Type: image/png')),
      { f: { filename: 'a b.png', content_type: 'image/png', size: 3 } },
    ],
    [
      'a text file',
      form(part('name="f"; filename=log.txt', 'x', 'content-type: text/plain')),
      { f: { filename: 'log.txt', content_type: 'text/plain', size: 1 } },
    ],
    [
      'a file without a name',
      form(part('name="f"; filename=""', '', 'Content-Type: application/octet-stream')),
      { f: { filename: '', content_type: 'application/octet-stream', size: 0 } },
    ],
    [
      'bytes without a file name',
      form(part('name="f"', bytes(1, 2), 'Content-Type: application/pdf')),
      { f: { filename: '', content_type: 'application/pdf', size: 2 } },
    ],
    [
      'a file name beyond ASCII',
      form(part('name="f"; filename="ü.txt"', 'x')),
      { f: { filename: 'ü.txt', content_type: '', size: 1 } },
    ],
    [
      'an extended file name',
      form(part("name=f; filename=x.txt; filename*=UTF-8''%E2%82%AC.txt", 'x')),
      { f: { filename: '€.txt', content_type: '', size: 1 } },
    ],
    ['quotes in a name', form(part('name="a\\"b%22c"', '1')), { 'a"b"c': '1' }],
    [
      'a charset of its own',
      form(part('name="a"', bytes(0xfc), 'Content-Type: text/plain; charset=iso-8859-1')),
      { a: 'ü' },
    ],
    [
      'a charset for all',
      form(part('name="_charset_"', 'iso-8859-1'), part('name="a"', bytes(0xfc))),
      { _charset_: 'iso-8859-1', a: 'ü' },
    ],
    ['bytes that are no text', form(part('name="a"', bytes(0xfc))), { a: '\ufffd' }],
    [
      'names that every object has',
      form(part('name="constructor"', '1'), part('name="toString"', '2')),
      { constructor: '1', toString: '2' } as never,
    ],
    ['a part without a name', form(part('filename="x"', '1'), part('name="a"', '2')), { a: '2' }],
    [
      'something before and behind',
      Buffer.concat([Buffer.from('preamble\r\n'), form(part('name="a"', '1')), Buffer.from('epilogue')]),
      { a: '1' },
    ],
    ['no end', part('name="a"', '1'), { a: expect.stringMatching(/^1/) }],
    ['no parts', form(), {}],
    ['nothing of the kind', Buffer.from('hello'), {}],
  ])('%s', (_name, raw, expected) => {
    const parsed = parseBody(raw, TYPE);
    expect(parsed).toEqual({ ok: true, value: expect.anything() });
    expect(parsed.ok && Object.entries(parsed.value as object)).toEqual(Object.entries(expected as object));
  });

  test.each([
    [
      'more parts than a thousand',
      form(...Array.from({ length: 1_001 }, (_, n) => part(`name="f${n}"`, ''))),
      /1000 parts/,
    ],
    [
      'too much JSON in one',
      form(part('name="a"', `[${'1,'.repeat(200_000)}1]`, 'Content-Type: application/json')),
      /200000 names/,
    ],
    [
      'too much JSON in all',
      form(
        ...Array.from({ length: 3 }, () =>
          part('name="a"', `[${'1,'.repeat(90_000)}1]`, 'Content-Type: application/json'),
        ),
      ),
      /names and values/,
    ],
  ])('%s: refused', (_name, raw, detail) => {
    expect(parseBody(raw, TYPE)).toEqual({ ok: false, code: 'body_too_large', detail: expect.stringMatching(detail) });
  });

  test('a quoted boundary', () => {
    expect(
      parseBody(form(part('name="a"', '1')), `multipart/form-data; boundary="${BOUNDARY}"; charset=utf-8`),
    ).toEqual({ ok: true, value: { a: '1' } });
  });

  test('JSON that only calls itself multipart is JSON', () => {
    expect(parseBody(Buffer.from('{"a":1}'), 'multipart/form-data')).toEqual({ ok: true, value: { a: 1 } });
  });
});

describe('JSON lines', () => {
  test.each([
    'application/x-ndjson',
    'application/ndjson; charset=utf-8',
    'application/jsonl',
    'application/x-jsonlines',
    'application/stream+json',
    'application/json-seq',
    'text/x-ndjson',
  ])('%s is a list', (type) => {
    expect(parseBody(Buffer.from('{"a":1}\n\r\n\x1e[2]\r\n"three"\n'), type)).toEqual({
      ok: true,
      value: [{ a: 1 }, [2], 'three'],
    });
    expect(parseBody(Buffer.from('{"a":1}'), type)).toEqual({ ok: true, value: [{ a: 1 }] });
    expect(parseBody(Buffer.from('\n'), type)).toEqual({ ok: true, value: [] });
  });

  test('a broken line is told by its number, counted from 1', () => {
    const refused = { ok: false, code: 'malformed_json', detail: expect.stringContaining('in line 2') };
    expect(parseBody(Buffer.from('1\n{"a":\n3'), 'application/x-ndjson')).toEqual(refused);
  });

  test('the limits are for all lines together', () => {
    const raw = Buffer.from('[1,2,3,4,5,6,7,8,9]\n'.repeat(20_000));
    expect(parseBody(raw, 'application/x-ndjson')).toMatchObject({ ok: false, code: 'body_too_large' });
  });
});

describe('JSON under any type that says so', () => {
  test.each([
    'application/json',
    'text/json',
    'application/x-json',
    'text/x-json',
    'application/vnd.github.v3+json',
    'application/problem+json; charset=utf-8',
    'model/gltf+json',
    'application/vnd.acme.json',
    'application/x-amz-json-1.1',
    'application/json-rpc',
    'application/jsonrequest',
    'APPLICATION/CLOUDEVENTS+JSON',
  ])('%s', (type) => {
    expect(parseBody(Buffer.from('"text"'), type)).toEqual({ ok: true, value: 'text' });
    expect(parseBody(Buffer.from('{"a":'), type)).toMatchObject({ ok: false, code: 'malformed_json' });
  });

  test.each([
    'application/json5',
    'application/jsonp',
    'text/plain; of=json',
    'application/jose',
    'application/x-jsonnet',
  ])('%s says something else', (type) => expect(parseBody(Buffer.from('{"a":'), type).ok).toBe(true));
});
