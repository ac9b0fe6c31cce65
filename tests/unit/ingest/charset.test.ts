import { parseBody } from '../../../api/src/ingest/body.ts';

const FORM = 'application/x-www-form-urlencoded';
const UTF8_MARK = Buffer.from('\ufeff');

/** Bytes that Node has no encoder for. */
const GBK = { 中文: [0xd6, 0xd0, 0xce, 0xc4] };
const SHIFT_JIS = { 日本: [0x93, 0xfa, 0x96, 0x7b], ソ: [0x83, 0x5c] };
const EUC_KR = { 한국: [0xc7, 0xd1, 0xb1, 0xb9] };
const KOI8_R = { Привет: [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4] };
const ISO_2022_JP = [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42];

/** ASCII and bytes, in order. */
const mixed = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const escaped = (bytes: readonly number[]) =>
  bytes.map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('JSON in the charset that it declares', () => {
  test.each<[string, Buffer, string, unknown]>([
    ['ISO-8859-1', mixed('{"a":"Gr\xfc\xdfe"}'), 'application/json; charset=ISO-8859-1', { a: 'Grüße' }],
    ['windows-1252, quoted', mixed('{"a":"\x80 5"}'), 'application/json; charset="windows-1252"', { a: '€ 5' }],
    ['latin1, quoted otherwise', mixed('{"a":"\xfc"}'), "application/json;charset='latin1'", { a: 'ü' }],
    ['ISO-8859-15', mixed('{"a":"\xa4"}'), 'text/json; charset = iso-8859-15', { a: '€' }],
    ['GBK', mixed('{"a":"', GBK.中文, '"}'), 'application/json;charset=GBK', { a: '中文' }],
    ['gb2312', mixed('{"a":"', GBK.中文, '"}'), 'application/json;charset=gb2312', { a: '中文' }],
    // The second byte of ソ is that of a backslash.
    ['Shift_JIS', mixed('{"a":"', SHIFT_JIS.ソ, '"}'), 'application/json; charset=Shift_JIS', { a: 'ソ' }],
    ['EUC-KR', mixed('["', EUC_KR.한국, '"]'), 'application/json; charset=euc-kr', ['한국']],
    ['KOI8-R', mixed('["', KOI8_R.Привет, '"]'), 'application/vnd.x+json; charset=koi8-r', ['Привет']],
    ['ISO-2022-JP', mixed('["', ISO_2022_JP, '"]'), 'application/json; charset=iso-2022-jp', ['日本']],
    ['UTF-16', utf16le('{"a":"漢"}'), 'application/json; charset=utf-16', { a: '漢' }],
    ['UTF-16BE', utf16be('{"a":"漢"}'), 'application/json; charset=UTF-16BE', { a: '漢' }],
    ['UTF-16 by its mark', utf16be('\ufeff{"a":"漢"}'), 'application/json', { a: '漢' }],
    ['a mark against the declaration', utf16le('\ufeff{"a":"漢"}'), 'application/json; charset=utf-8', { a: '漢' }],
    ['UTF-16, undeclared', utf16le('{"a":"漢"}'), 'application/json', { a: '漢' }],
    ['UTF-16BE, undeclared', utf16be('[1]'), 'application/json', [1]],
    ['UTF-8 by its mark', Buffer.from('\ufeff{"a":"ü"}'), 'application/json; charset=iso-8859-1', { a: 'ü' }],
    ['UTF-8 that is called UTF-16', Buffer.from('{"a":"ü"}'), 'application/json; charset=utf-16', { a: 'ü' }],
    ['UTF-8 that is called ASCII', Buffer.from('{"a":"ü"}'), 'application/json; charset=us-ascii', { a: 'ü' }],
    ['UTF-16BE that is called UTF-16', utf16be('{"a":"漢"}'), 'application/json; charset=UTF-16', { a: '漢' }],
    ['UTF-8 that is called ISO-8859-1', Buffer.from('{"a":"ü€"}'), 'application/json; charset=ISO-8859-1', { a: 'ü€' }],
    ["Java's name", mixed('{"a":"\xfc"}'), 'application/json; charset=ISO8859_1', { a: 'ü' }],
    ['latin-1', mixed('{"a":"\xfc"}'), 'application/json; charset=latin-1', { a: 'ü' }],
    ['Latin_9', mixed('{"a":"\xa4"}'), 'application/json; charset=Latin_9', { a: '€' }],
    ['cp932', mixed('["', SHIFT_JIS.日本, '"]'), 'application/json; charset=cp932', ['日本']],
    ['utf16', utf16le('["漢"]'), 'application/json; charset=utf16', ['漢']],
    ['UTF-8 under a name nobody knows', Buffer.from('{"a":"ü"}'), 'application/json; charset=utf8mb4', { a: 'ü' }],
    ['UTF-8 under an empty name', Buffer.from('{"a":"ü"}'), 'application/json; charset=', { a: 'ü' }],
    ['a parameter before it', Buffer.from('{"a":"ü"}'), 'application/json; v=1; charset=UTF8; q=2', { a: 'ü' }],
  ])('%s', (_name, raw, type, value) => {
    expect(parseBody(raw, type)).toEqual({ ok: true, value });
  });

  test.each([
    ['UTF-8', mixed('{"a":"\xfc"}'), 'application/json', /not valid UTF-8/],
    ['EUC-KR', mixed('["\xff\xff"]'), 'application/json; charset=euc-kr', /not valid EUC-KR/],
    ['UTF-16', mixed('\xff\xfe\x00\xd8"'), 'application/json', /not valid UTF-16LE/],
  ])('what is not valid %s is refused', (_name, raw, type, detail) => {
    expect(parseBody(raw, type)).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
  });
});

describe('a form in the charset that it declares', () => {
  test.each<[string, Buffer, string, unknown]>([
    ['windows-1252, escaped', mixed('name=Gr%FC%DFe&x=1'), 'windows-1252', { name: 'Grüße', x: '1' }],
    ['windows-1252, as bytes', mixed('name=Gr\xfc\xdfe'), 'windows-1252', { name: 'Grüße' }],
    ['GBK, escaped', mixed(`subject=${escaped(GBK.中文)}`), 'GBK', { subject: '中文' }],
    ['GBK, as bytes', mixed('subject=', GBK.中文, '&b=2'), 'gbk', { subject: '中文', b: '2' }],
    ['GBK in a name', mixed(`${escaped(GBK.中文)}=1`), 'GBK', { 中文: '1' }],
    ['Shift_JIS', mixed('a=', SHIFT_JIS.日本, SHIFT_JIS.ソ), 'shift_jis', { a: '日本ソ' }],
    ['ISO-2022-JP, escaped', mixed(`a=${escaped(ISO_2022_JP)}&b=1`), 'iso-2022-jp', { a: '日本', b: '1' }],
    ['ISO-2022-JP, as bytes', mixed('a=', ISO_2022_JP, '&b=1'), 'iso-2022-jp', { a: '日本', b: '1' }],
    ['UTF-16', utf16le('a=漢&b=1'), 'utf-16le', { a: '漢', b: '1' }],
    ['UTF-16 without saying in which order', utf16be('a=漢&b=1'), 'utf-16', { a: '漢', b: '1' }],
    ['UTF-16 with a broken end', utf16le('a=漢&b=1').subarray(0, -1), 'utf-16le', { a: '漢', b: '\ufffd' }],
    ['cp1252 with a hyphen', mixed('name=Gr%FC%DFe'), 'cp-1252', { name: 'Grüße' }],
    ["GitHub's form", mixed('payload={"a":"%FC"}'), 'iso-8859-1', { a: 'ü' }],
    ['UTF-8', Buffer.from('a=ü&b=%C3%BC'), 'utf-8', { a: 'ü', b: 'ü' }],
    ['a name nobody knows', Buffer.from('a=%C3%BC'), 'utf8mb4', { a: 'ü' }],
  ])('%s', (_name, raw, charset, value) => {
    expect(parseBody(raw, `${FORM}; charset=${charset}`)).toEqual({ ok: true, value });
  });

  test.each<[string, Buffer, unknown]>([
    ["PayPal's", mixed('first_name=J%F6rg&charset=windows-1252'), { first_name: 'Jörg', charset: 'windows-1252' }],
    ["Alipay's", mixed(`charset=GBK&subject=${escaped(GBK.中文)}`), { charset: 'GBK', subject: '中文' }],
    ["HTML's", mixed('_charset_=iso-8859-1&a=%FC'), { _charset_: 'iso-8859-1', a: 'ü' }],
    ['one that is UTF-8 all the same', mixed('charset=windows-1252&a=%C3%BC'), { charset: 'windows-1252', a: 'ü' }],
    ['one that names no charset', mixed('charset=mine&a=%FC'), { charset: 'mine', a: '\ufffd' }],
  ])('or that a field of it tells: %s', (_name, raw, value) => {
    expect(parseBody(raw, FORM)).toEqual({ ok: true, value });
  });
});

describe('byte order marks', () => {
  test.each<[string, Buffer, string, unknown]>([
    ['before JSON', Buffer.from('{"a":1}'), 'application/json', { a: 1 }],
    ['before a form', Buffer.from('a=1&b=2'), FORM, { a: '1', b: '2' }],
    ["before GitHub's form", Buffer.from('payload={"a":1}'), FORM, { a: 1 }],
    ['before text', Buffer.from('disk full'), 'text/plain', 'disk full'],
    ['before JSON called text', Buffer.from('[1]'), 'text/plain', [1]],
    ['before XML', Buffer.from('<a/>'), 'application/xml', '<a/>'],
    ['before JSON lines', Buffer.from('1\n2'), 'application/x-ndjson', [1, 2]],
  ])('%s are dropped, one or two', (_name, raw, type, value) => {
    expect(parseBody(Buffer.concat([UTF8_MARK, raw]), type)).toEqual({ ok: true, value });
    expect(parseBody(Buffer.concat([UTF8_MARK, UTF8_MARK, raw]), type)).toEqual({ ok: true, value });
  });

  test('inside a text they stay', () => {
    expect(parseBody(Buffer.from('["\ufeffa"]'), 'application/json')).toEqual({ ok: true, value: ['\ufeffa'] });
  });
});

describe('text and XML', () => {
  test.each<[string, Buffer, string, unknown]>([
    ['declared', mixed('Gr\xfc\xdfe'), 'text/plain; charset=iso-8859-1', 'Grüße'],
    ['a token of security events', Buffer.from('a.b.c'), 'application/secevent+jwt', 'a.b.c'],
    ['YAML', Buffer.from('a: ü'), 'application/yaml', 'a: ü'],
    ['mail', Buffer.from('Subject: x'), 'message/rfc822', 'Subject: x'],
    ['declared, Shift_JIS', mixed(SHIFT_JIS.日本), 'text/plain; charset=x-sjis', '日本'],
    ['undeclared and no UTF-8', mixed('Gr\xfc\xdfe'), 'text/plain', null],
    [
      'XML that tells itself',
      mixed('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xfc</a>'),
      'text/xml',
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>',
    ],
    [
      'XML that is declared otherwise',
      mixed('<?xml version="1.0" encoding="koi8-r"?><a>\xfc</a>'),
      'application/xml; charset=latin1',
      '<?xml version="1.0" encoding="koi8-r"?><a>ü</a>',
    ],
    [
      'XML that says UTF-16 and is not',
      Buffer.from('<?xml version="1.0" encoding="utf-16"?><a>ü</a>'),
      'text/xml',
      '<?xml version="1.0" encoding="utf-16"?><a>ü</a>',
    ],
    ['bytes of another type', mixed('\xfc'), 'application/octet-stream; charset=latin1', null],
  ])('%s', (_name, raw, type, value) => {
    expect(parseBody(raw, type)).toEqual({ ok: true, value });
  });
});

test('windows-1252 as the standard has it, all of it', () => {
  const all = Buffer.from(Array.from({ length: 128 }, (_, n) => n + 128));
  const parsed = parseBody(all, 'text/plain; charset=windows-1252');
  expect(parsed.ok && String(parsed.value)).toBe(
    `€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ${all.subarray(32).toString('latin1')}`,
  );
});
