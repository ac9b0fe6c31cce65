import { gzipSync } from 'node:zlib';

/** Bodies that hold as much as they can for their bytes, or take the most work; what answers them is whatever the product says. */
export interface HostileBody {
  what: string;
  headers: Record<string, string>;
  body: Buffer;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** Just below the limit of a source, 5 MiB. */
const BYTES = 5 * 1024 * 1024 - 10_000;

const fill = (piece: string, bytes = BYTES) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
const counted = (count: number, piece: (n: number) => string, between: string) =>
  Array.from({ length: count }, (_, n) => piece(n)).join(between);

const BODIES: [what: string, type: string, body: () => string][] = [
  ['a form of 600,000 short fields', FORM_TYPE, () => counted(600_000, (n) => `${n.toString(36)}=`, '&')],
  ['a form of 19,999 different fields', FORM_TYPE, () => counted(19_999, (n) => `k${n}=1`, '&')],
  ['one field of 100,000 values', FORM_TYPE, () => fill('a=1&', 399_996)],
  ['a field of escapes', FORM_TYPE, () => `a=${fill('%00')}`],
  ['a field of escaped letters', FORM_TYPE, () => `a=${fill('%C3%BC+')}`],
  ['JSON of 199,000 members', JSON_TYPE, () => `{${counted(199_000, (n) => `"${n}":1`, ',')}}`],
  ['JSON of 19,999 different names', JSON_TYPE, () => `{${counted(19_999, (n) => `"name${n}":{}`, ',')}}`],
  ['JSON of 19,999 maps, each of its own form', JSON_TYPE, () => `[${counted(19_999, (n) => `{"name${n}":1}`, ',')}]`],
  ['a long number before maps', JSON_TYPE, () => `[98765432109876543210,${fill('{},')}{}]`],
  ['39,000 long numbers', JSON_TYPE, () => `[${counted(39_000, () => '98765432109876543210', ',')}]`],
  ['lists', JSON_TYPE, () => `[${fill('[],')}[]]`],
  ['199,000 lists', JSON_TYPE, () => `[${counted(199_000, () => '[]', ',')}]`],
  ['199,000 numbers', JSON_TYPE, () => `[${counted(199_000, () => '1e5', ',')}]`],
  ['66,000 maps with a constructor', JSON_TYPE, () => `[${counted(66_000, () => '{"constructor":1}', ',')}]`],
  ['66,000 maps with a prototype', JSON_TYPE, () => `[${counted(66_000, () => '{"__proto__":{}}', ',')}]`],
  ['99,000 equal names', JSON_TYPE, () => `{${counted(99_000, () => '"a":1', ',')}}`],
  ['a text of escapes', JSON_TYPE, () => `"${fill('\\u0000')}"`],
  ['a text of quotes', JSON_TYPE, () => `"${fill('\\"')}"`],
  ['a text of backslashes', JSON_TYPE, () => `"${fill('\\\\')}"`],
  ['a text of line ends, with one character beyond Latin-1', JSON_TYPE, () => `"漢${fill('\\n')}"`],
  ['a long name', JSON_TYPE, () => `{"${fill('n')}":1}`],
  ['digits', JSON_TYPE, () => fill('1')],
  ['blanks', JSON_TYPE, () => `${fill(' ')}1`],
  ['siblings in the deep', JSON_TYPE, () => `${'['.repeat(63)}${fill('[],')}[]${']'.repeat(63)}`],
  ['wrong closings', JSON_TYPE, () => fill('[}')],
  ['control characters', 'text/plain', () => fill('\u0001')],
];

/** Every third one compressed: what counts is what it inflates to. */
export function hostileBodies(): HostileBody[] {
  return BODIES.map(([what, type, make], index) => {
    const body = Buffer.from(make());
    return index % 3 === 0
      ? {
          what: `${what}, compressed`,
          headers: { 'content-type': type, 'content-encoding': 'gzip' },
          body: gzipSync(body),
        }
      : { what, headers: { 'content-type': type }, body };
  });
}
