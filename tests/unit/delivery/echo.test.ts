import { createMaskEcho } from '../../../api/src/delivery/echo.ts';
import type { Destination } from '../../../api/src/model/configuration.ts';
import { aDestination } from '../../support/records.ts';
import { SECRET } from './support.ts';

const KEY = SECRET.slice('whsec_'.length);
const TEXT_KEY = 'a key that is text, 24 bytes';
const TOKEN = 'tok/en+"quoted" \\ & 0123456789';
const PASSWORD = 'correct horse';
const SIGNATURE = 'K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const url = (text: string) => Buffer.from(text, 'base64').toString('base64url');

const destination = aDestination({
  secrets: [SECRET, `whsec_${base64(TEXT_KEY)}`],
  headers: {
    Authorization: `Bearer ${TOKEN}`,
    'X-Login': `Basic ${base64(`user:${PASSWORD}`)}`,
    Cookie: 'theme=dark; session=0123456789abcdef',
    'x-short': 'tiny',
    'content-type': 'application/json',
    'x-last': 'letters-at-the-end',
  },
});
const sent = { 'webhook-signature': `v1,${SIGNATURE} v1,${SIGNATURE.toUpperCase()}` };

const masked = (body: string, to: Destination = destination) =>
  createMaskEcho()({ status: 200, headers: {}, body }, to, sent).body;

test.each<[what: string, echo: string]>([
  ['the signing secret', SECRET],
  ['without its prefix', KEY],
  ['for URLs', url(KEY)],
  ['as the raw key, which is text', TEXT_KEY],
  ['a whole header value', `Bearer ${TOKEN}`],
  ['what follows Bearer', TOKEN],
  ['what follows Basic', base64(`user:${PASSWORD}`)],
  ['a login', `user:${PASSWORD}`],
  ['its password', PASSWORD],
  ["a cookie's value", '0123456789abcdef'],
  ['a signature of the request', SIGNATURE],
])('%s is masked, however it comes back', (_, echo) => {
  const slashes = echo.replaceAll('/', '\\/');
  const everyPercent = [...Buffer.from(echo)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const everyUnicode = [...echo].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  for (const form of [
    echo,
    JSON.stringify(echo),
    JSON.stringify(JSON.stringify({ echo })),
    encodeURIComponent(echo),
    encodeURIComponent(encodeURIComponent(echo)),
    JSON.stringify(slashes),
    everyPercent,
    everyPercent.toUpperCase(),
    everyUnicode,
    echo.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('+', '&#43;').replaceAll('/', '&#x2F;'),
    base64(echo),
    base64(`a${echo}b`),
    base64(`ab${echo}`),
    base64(`abc${echo}cd`).replaceAll('+', '-').replaceAll('/', '_'),
    JSON.stringify({ authorization: base64(echo) }),
    Buffer.from(echo).toString('hex'),
    echo.toUpperCase(),
  ]) {
    const answer = masked(`before ${form} after`);
    const visible = answer.replaceAll('[redacted]', '').replace(/^before |after$/g, '');
    // Of base64, what a neighbour has a part in stays: at most a character at each end; and of JSON its punctuation.
    expect([form, answer]).toEqual([form, expect.stringContaining('[redacted]')]);
    expect([form, visible.length < 30 && !visible.includes(echo.slice(4, 12))]).toEqual([form, true]);
    expect(answer).toMatch(/^before .*after$/s);
  }
});

test('a key that is no text is masked in hexadecimal and inside of base64', () => {
  const key = Buffer.from(KEY, 'base64');
  const hex = key.toString('hex');
  const inside = Buffer.concat([Buffer.from('x'), key]).toString('base64');
  for (const form of [hex, hex.toUpperCase(), inside])
    expect(masked(`<${form}>`)).toMatch(/^<\w{0,2}\[redacted\][\w=]{0,2}>$/);
});

test('a secret that the end of the answer cuts off is masked, from 4 characters on, also within an escape', () => {
  const last = 'letters-at-the-end';
  for (let length = 4; length <= last.length; length++) {
    expect(masked(`{"x-last":"${last.slice(0, length)}`)).toBe('{"x-last":"[redacted]');
  }
  expect(masked(`{"x-last":"${last.slice(0, 3)}`)).toBe('{"x-last":"let');
  for (const cutOff of ['%4', '%', '\\u00', '\\', '&#4', '&']) {
    expect([cutOff, masked(`x: lett${cutOff}`)]).toEqual([cutOff, 'x: [redacted]']);
  }
  expect(masked(`x: ${base64(last).slice(0, 5)}`)).toBe('x: [redacted]');
});

test('the rest stays: short values, what other headers say, text that only looks like one', () => {
  for (const body of [
    '{"x-short":"tiny","content-type":"application/json","theme":"dark"}',
    'Bearer of good news: no secret here, 100% sure \\o/ &c.',
    'letters-at-th and more',
    '',
    'ok',
  ]) {
    expect(masked(body)).toBe(body);
  }
  expect(masked(`a ${PASSWORD} b ${PASSWORD}${TEXT_KEY} c`)).toBe('a [redacted] b [redacted] c');
});

test.each<[what: string, type: Destination['type'], url: string, masked: string[], kept: string[]]>([
  [
    'Discord',
    'discord',
    'https://discord.com/api/webhooks/1234567890123456789/AbCd-efgh_ijklmnopqrstuvwxyz',
    ['AbCd-efgh_ijklmnopqrstuvwxyz'],
    ['1234567890123456789', 'discord.com/api/webhooks'],
  ],
  [
    'Telegram',
    'telegram',
    'https://api.telegram.org/bot123456:AAbb-cc_ddeeffgghh/sendMessage?chat_id=-1001234567890',
    ['AAbb-cc_ddeeffgghh', 'bot123456%3AAAbb-cc_ddeeffgghh'],
    ['{"chat":{"id":-1001234567890}}', 'sendMessage'],
  ],
  [
    'Teams',
    'teams',
    'https://prod.example.com/workflows/0123456789abcdef0123/triggers/manual/paths/invoke?api-version=1&sig=a%2Bb-c_d%3D%3D',
    ['a+b-c_d==', 'a%2Bb-c_d%3D%3D', '0123456789abcdef0123'],
    ['api-version=1', 'triggers/manual'],
  ],
  ['an ntfy topic', 'ntfy', 'https://ntfy.sh/my-topic', ['my-topic'], ['ntfy.sh']],
  [
    'http: only what is named as a credential, the URL is shown anyway',
    'http',
    'https://example.com/hooks/0123456789abcdefghij?token=a-long-token&order=a-long-order-number',
    ['a-long-token'],
    ['0123456789abcdefghij', 'a-long-order-number'],
  ],
])('tokens of a URL: %s', (_, type, address, secrets, kept) => {
  const to = aDestination({ type, url: address });
  for (const secret of secrets) expect(masked(`<${secret}>`, to)).toMatch(/^<(?:bot123456(?::|%3A))?\[redacted\]>$/);
  for (const text of kept) expect(masked(text, to)).toBe(text);
});

test('names and values of header fields as well, and nothing is lost of the others', () => {
  const headers = {
    'x-letters-at-the-end': '1',
    location: `https://example.com/?t=${encodeURIComponent(TOKEN)}`,
    etag: '"7"',
  };
  const answer = createMaskEcho()({ status: 302, headers, body: '' }, destination, {});
  expect(answer).toEqual({
    status: 302,
    headers: { 'x-[redacted]': '1', location: 'https://example.com/?t=[redacted]', etag: '"7"' },
    body: '',
  });
});

test('a field that was clean in the last answer is believed, and no other', () => {
  const DIGEST = SIGNATURE.slice(0, -1);
  const maskEcho = createMaskEcho();
  const headersOf = (headers: Record<string, string>, body = '', to = destination) =>
    maskEcho({ status: 200, headers, body }, to, sent).headers;
  expect(headersOf({ server: 'nginx', 'x-echo': 'nothing' })).toEqual({ server: 'nginx', 'x-echo': 'nothing' });
  expect(headersOf({ server: 'nginx', 'x-echo': DIGEST })).toEqual({ server: 'nginx', 'x-echo': '[redacted]' });
  // What was masked is searched again, and so is what came back under another name.
  expect(headersOf({ 'x-echo': DIGEST, other: 'nothing', [`x-${TOKEN}`]: 'nginx' })).toEqual({
    'x-echo': '[redacted]',
    other: 'nothing',
    'x-[redacted]': 'nginx',
  });
  const changed = { ...destination, secrets: ['whsec_nothing-nothing'] };
  expect(headersOf({ other: 'nothing-nothing' })).toEqual({ other: 'nothing-nothing' });
  expect(headersOf({ other: 'nothing-nothing' }, '', changed)).toEqual({ other: '[redacted]' });
});
