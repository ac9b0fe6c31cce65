import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Webhook as SvixWebhook } from 'svix';
import {
  credentialHeaders,
  credentialParameters,
  type SignedRequest,
  type VerifiedSource,
  verify,
} from '../../../api/src/ingest/verification/index.ts';
import type { VerificationOptions, VerificationScheme } from '../../../api/src/model/configuration.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const SECONDS = NOW / 1000;
const SECRET = 'a secret of the producer';
const BODY = '{"event":"paid","at":1769860800000,"n":"ä"}';

type Headers = Record<string, string>;

function source(verification: VerificationScheme, options: VerificationOptions | null, secrets = [SECRET]) {
  return { verification, secrets, verification_options: options } satisfies VerifiedSource;
}

function request(body: string, headers: Headers = {}, publicUrl = 'https://hooks.example.com/ingest/x'): SignedRequest {
  const { pathname, search } = new URL(publicUrl);
  return { method: 'POST', url: pathname + search, publicUrl, headers, rawBody: Buffer.from(body) };
}

function codeOf(of: VerifiedSource, signed: SignedRequest, now = NOW): string {
  const result = verify(of, signed, now);
  return result.verified ? 'verified' : result.code;
}

const mac = (text: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex', key: string | Buffer = SECRET) =>
  createHmac(algorithm, key).update(text).digest(encoding);

describe('hmac over what a producer signs', () => {
  const ZOOM = {
    header: 'x-zm-signature',
    prefix: 'v0=',
    signed: 'v0:{{ timestamp }}:{{ body }}',
    timestamp: 'headers.x-zm-request-timestamp',
  };
  const CALENDLY = {
    header: 'Calendly-Webhook-Signature',
    field: 'v1',
    timestamp: 'field.t',
    signed: '{{timestamp}}.{{body}}',
  };
  const PADDLE = { header: 'paddle-signature', field: 'h1', timestamp: 'field.ts', signed: '{{timestamp}}:{{body}}' };
  const LINEAR = { header: 'linear-signature', timestamp: 'body.at', tolerance: '1m' };
  const TWITCH = {
    header: 'twitch-eventsub-message-signature',
    prefix: 'sha256=',
    timestamp: 'headers.twitch-eventsub-message-timestamp',
    signed: '{{ headers.Twitch-Eventsub-Message-Id }}{{ timestamp }}{{ body }}',
  };
  const BOX = {
    header: 'box-signature-primary',
    encoding: 'base64',
    timestamp: 'headers.box-delivery-timestamp',
    signed: '{{ body }}{{ timestamp }}',
  } as const;
  const HUBSPOT = {
    header: 'x-hubspot-signature-v3',
    encoding: 'base64',
    timestamp: 'headers.x-hubspot-request-timestamp',
    signed: '{{ method }}{{ url }}{{ body }}{{ timestamp }}',
  } as const;
  const TRELLO = {
    header: 'x-trello-webhook',
    algorithm: 'sha1',
    encoding: 'base64',
    signed: '{{ body }}{{ url }}',
    url: 'https://public.example.com/t',
  } as const;
  const MAILGUN = {
    place: 'body.signature.signature',
    timestamp: 'body.signature.timestamp',
    signed: '{{ timestamp }}{{ body.signature.token }}',
  };
  const MANDRILL = {
    header: 'x-mandrill-signature',
    algorithm: 'sha1',
    encoding: 'base64',
    signed: '{{ url }}{{ form }}',
  } as const;
  const PAGERDUTY = { header: 'x-pagerduty-signature', prefix: 'v1=' };
  const AIRTABLE = { header: 'x-airtable-content-mac', prefix: 'hmac-sha256=', key: 'base64' } as const;
  const TEAMS = { header: 'authorization', prefix: 'HMAC ', encoding: 'base64', key: 'base64' } as const;

  const iso = new Date(NOW).toISOString();
  const nanos = '2026-01-31T12:00:00.123456789Z';
  const mailgun = (token: string, signature = mac(`${SECONDS}${token}`)) =>
    JSON.stringify({ signature: { timestamp: String(SECONDS), token, signature } });
  const form = new URLSearchParams({ mandrill_events: '[{"event":"send"}]', b: '2', a: '1' });
  const sortedForm = 'a1b2mandrill_events[{"event":"send"}]';
  const trelloUrl = 'https://public.example.com/t?x=1';
  const base64Key = Buffer.from('0123456789abcdef').toString('base64');

  const cases: [string, VerificationOptions, SignedRequest, string, string[]?][] = [
    [
      'Zoom',
      ZOOM,
      request(BODY, {
        'x-zm-request-timestamp': `${SECONDS}`,
        'x-zm-signature': `v0=${mac(`v0:${SECONDS}:${BODY}`)}`,
      }),
      'verified',
    ],
    [
      'Zoom, another body',
      ZOOM,
      request(`${BODY} `, {
        'x-zm-request-timestamp': `${SECONDS}`,
        'x-zm-signature': `v0=${mac(`v0:${SECONDS}:${BODY}`)}`,
      }),
      'signature_mismatch',
    ],
    [
      'Zoom, another time',
      ZOOM,
      request(BODY, {
        'x-zm-request-timestamp': `${SECONDS + 1}`,
        'x-zm-signature': `v0=${mac(`v0:${SECONDS}:${BODY}`)}`,
      }),
      'signature_mismatch',
    ],
    [
      'Zoom, long ago',
      ZOOM,
      request(BODY, {
        'x-zm-request-timestamp': `${SECONDS - 301}`,
        'x-zm-signature': `v0=${mac(`v0:${SECONDS - 301}:${BODY}`)}`,
      }),
      'timestamp_out_of_tolerance',
    ],
    ['Zoom, no time', ZOOM, request(BODY, { 'x-zm-signature': `v0=${mac(`v0::${BODY}`)}` }), 'timestamp_invalid'],
    ['Zoom, no signature', ZOOM, request(BODY, { 'x-zm-request-timestamp': `${SECONDS}` }), 'signature_missing'],
    [
      'Calendly',
      CALENDLY,
      request(BODY, { 'calendly-webhook-signature': `t=${SECONDS},v1=${mac(`${SECONDS}.${BODY}`)}` }),
      'verified',
    ],
    [
      'Calendly, two of which one fits',
      CALENDLY,
      request(BODY, {
        'calendly-webhook-signature': `t=${SECONDS}, v1=${mac('x')}, v1=${mac(`${SECONDS}.${BODY}`)}`,
      }),
      'verified',
    ],
    [
      'Calendly, the field is missing',
      CALENDLY,
      request(BODY, { 'calendly-webhook-signature': `t=${SECONDS},v0=${mac(`${SECONDS}.${BODY}`)}` }),
      'signature_mismatch',
    ],
    [
      'Paddle',
      PADDLE,
      request(BODY, { 'paddle-signature': `ts=${SECONDS};h1=${mac(`${SECONDS}:${BODY}`)}` }),
      'verified',
    ],
    ['Linear, milliseconds in the body', LINEAR, request(BODY, { 'linear-signature': mac(BODY) }), 'verified'],
    ['Linear, no time in the body', LINEAR, request('{}', { 'linear-signature': mac('{}') }), 'timestamp_invalid'],
    [
      'Twitch, RFC 3339 with nanoseconds',
      TWITCH,
      request(BODY, {
        'twitch-eventsub-message-id': 'm1',
        'twitch-eventsub-message-timestamp': nanos,
        'twitch-eventsub-message-signature': `sha256=${mac(`m1${nanos}${BODY}`)}`,
      }),
      'verified',
    ],
    [
      'Box',
      BOX,
      request(BODY, {
        'box-delivery-timestamp': iso,
        'box-signature-primary': mac(`${BODY}${iso}`, 'sha256', 'base64'),
      }),
      'verified',
    ],
    [
      'HubSpot, milliseconds, method and URL',
      HUBSPOT,
      request(
        BODY,
        {
          'x-hubspot-request-timestamp': `${NOW}`,
          'x-hubspot-signature-v3': mac(`POSThttps://a.example/i?q=1${BODY}${NOW}`, 'sha256', 'base64'),
        },
        'https://a.example/i?q=1',
      ),
      'verified',
    ],
    [
      'Trello, by the URL that it was given',
      TRELLO,
      request(
        BODY,
        { 'x-trello-webhook': mac(`${BODY}${trelloUrl}`, 'sha1', 'base64') },
        'http://inside.example/ingest/x?x=1',
      ),
      'verified',
    ],
    ['Mailgun, all of it in the body', MAILGUN, request(mailgun('t0ken')), 'verified'],
    ['Mailgun, of another token', MAILGUN, request(mailgun('t0ken', mac(`${SECONDS}x`))), 'signature_mismatch'],
    ['Mailgun, no signature in the body', MAILGUN, request('{"signature":{}}'), 'signature_missing'],
    ['Mailgun, no JSON', MAILGUN, request('<xml/>'), 'signature_missing'],
    [
      'Mandrill, the sorted form behind the URL',
      MANDRILL,
      request(form.toString(), {
        'x-mandrill-signature': mac(`https://hooks.example.com/ingest/x${sortedForm}`, 'sha1', 'base64'),
      }),
      'verified',
    ],
    [
      'PagerDuty, a list',
      PAGERDUTY,
      request(BODY, { 'x-pagerduty-signature': `v1=${mac('x')},v1=${mac(BODY)}` }),
      'verified',
    ],
    [
      'PagerDuty, another version',
      PAGERDUTY,
      request(BODY, { 'x-pagerduty-signature': `v2=${mac(BODY)}` }),
      'signature_mismatch',
    ],
    [
      'Airtable, the secret is base64',
      AIRTABLE,
      request(BODY, {
        'x-airtable-content-mac': `hmac-sha256=${mac(BODY, 'sha256', 'hex', Buffer.from(base64Key, 'base64'))}`,
      }),
      'verified',
      [base64Key],
    ],
    [
      'Teams, a blank in the prefix',
      TEAMS,
      request(BODY, { authorization: `HMAC ${mac(BODY, 'sha256', 'base64', Buffer.from(base64Key, 'base64'))}` }),
      'verified',
      [base64Key],
    ],
    [
      'a secret that decodes to nothing',
      AIRTABLE,
      request(BODY, { 'x-airtable-content-mac': `hmac-sha256=${mac(BODY, 'sha256', 'hex', '')}` }),
      'signature_mismatch',
      ['!!!'],
    ],
  ];

  it.each(cases)('%s', (_, options, signed, code, secrets = [SECRET]) => {
    expect(codeOf(source('hmac', options, ['old', ...secrets]), signed)).toBe(code);
  });

  it.each([
    ['1m', 60_000, 'verified'],
    ['1m', 61_000, 'timestamp_out_of_tolerance'],
    ['1d', 86_400_000, 'verified'],
    ['', 300_000, 'verified'],
    ['', 301_000, 'timestamp_out_of_tolerance'],
  ])('with a tolerance of %j, %d ms off, either way: %s', (tolerance, off, code) => {
    const paddle = source('hmac', { ...PADDLE, ...(tolerance && { tolerance }) });
    const signed = request(BODY, { 'paddle-signature': `ts=${SECONDS};h1=${mac(`${SECONDS}:${BODY}`)}` });
    expect([codeOf(paddle, signed, NOW + off), codeOf(paddle, signed, NOW - off)]).toEqual([code, code]);
  });

  it.each([
    ['seconds', String(SECONDS)],
    ['seconds with a fraction', `${SECONDS}.250`],
    ['milliseconds', String(NOW)],
    ['microseconds', `${NOW}123`],
    ['nanoseconds', `${NOW}123456`],
    ['RFC 3339', new Date(NOW).toISOString()],
    ['RFC 3339 with an offset', new Date(NOW + 3_600_000).toISOString().replace('Z', '+01:00')],
  ])('reads a time in %s', (_, time) => {
    const timed = source('hmac', { header: 'x', signed: '{{ timestamp }}{{ body }}', timestamp: 'headers.x-time' });
    const signed = request(BODY, { x: mac(`${time}${BODY}`), 'x-time': time });
    const codes = [NOW, NOW + 299_000, NOW + 302_000, NOW - 302_000].map((now) => codeOf(timed, signed, now));
    const late = 'timestamp_out_of_tolerance';
    expect(codes).toEqual(['verified', 'verified', late, late]);
  });

  it.each(['', 'now', '-5', '1e9', '12.', '123456789012345678901', '2026-01-31', 'Sat, 31 Jan 2026 12:00:00 GMT'])(
    'refuses the time %j',
    (time) => {
      const timed = source('hmac', { header: 'x', signed: '{{ timestamp }}{{ body }}', timestamp: 'headers.x-time' });
      const signed = request(BODY, { x: mac(`${time}${BODY}`), 'x-time': time });
      expect(codeOf(timed, signed)).toBe('timestamp_invalid');
    },
  );

  it('looks at ten signatures and no more', () => {
    const many = `${Array(10).fill('v1=00').join(',')},v1=${mac(BODY)}`;
    expect(codeOf(source('hmac', PAGERDUTY), request(BODY, { 'x-pagerduty-signature': many }))).toBe(
      'signature_mismatch',
    );
  });

  it('names of every object are no words of the template', () => {
    const odd = source('hmac', { header: 'x', signed: '{{ constructor }}{{ body.__proto__ }}{{ body }}' });
    expect(codeOf(odd, request(BODY, { x: mac(BODY) }))).toBe('verified');
  });
});

describe('svix headers', () => {
  const library = new SvixWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const standard = source('standard-webhooks', null, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
  const headersOf = (prefix: string, id = 'msg_1') => ({
    [`${prefix}id`]: id,
    [`${prefix}timestamp`]: String(SECONDS),
    [`${prefix}signature`]: library.sign('msg_1', new Date(NOW), BODY),
  });

  it.each([
    ['svix-', headersOf('svix-'), 'verified'],
    ['webhook-', headersOf('webhook-'), 'verified'],
    ['both', { ...headersOf('svix-'), ...headersOf('webhook-') }, 'verified'],
    ['svix- with another id', headersOf('svix-', 'msg_2'), 'signature_mismatch'],
    [
      'the signature of one with the id of the other',
      { ...headersOf('svix-', 'msg_2'), 'webhook-id': 'msg_1', 'webhook-timestamp': String(SECONDS) },
      'signature_mismatch',
    ],
    ['svix-signature alone', { 'svix-signature': headersOf('svix-')['svix-signature'] as string }, 'signature_missing'],
  ])('%s', (_, headers, code) => {
    expect(codeOf(standard, request(BODY, headers))).toBe(code);
  });
});

describe('token', () => {
  const graph = (...states: unknown[]) => JSON.stringify({ value: states.map((clientState) => ({ clientState })) });

  it.each<[string, VerificationOptions | null, SignedRequest, string]>([
    ['bare in Authorization', null, request('', { authorization: SECRET }), 'verified'],
    ['another', null, request('', { authorization: 'x' }), 'signature_mismatch'],
    ['none', null, request(''), 'signature_missing'],
    ['any header', { header: 'X-Token' }, request('', { 'x-token': SECRET }), 'verified'],
    ['with a prefix', { header: 'x', prefix: 'GenieKey ' }, request('', { x: `GenieKey ${SECRET}` }), 'verified'],
    ['without its prefix', { header: 'x', prefix: 'GenieKey ' }, request('', { x: SECRET }), 'signature_mismatch'],
    [
      'in the query',
      { place: 'query.key' },
      request('', {}, `https://a.example/i?key=${encodeURIComponent(SECRET)}`),
      'verified',
    ],
    ['not in the query', { place: 'query.key' }, request('', {}, 'https://a.example/i?k=x'), 'signature_missing'],
    ['in the body', { place: 'body.passcode' }, request(JSON.stringify({ passcode: SECRET })), 'verified'],
    [
      'in each notification of a batch',
      { place: 'body.value.*.clientState' },
      request(graph(SECRET, SECRET)),
      'verified',
    ],
    [
      'one of them a stranger',
      { place: 'body.value.*.clientState' },
      request(graph(SECRET, 'x')),
      'signature_mismatch',
    ],
    ['one of them without', { place: 'body.value.*.clientState' }, request(graph(SECRET, null)), 'signature_mismatch'],
    ['none in the batch', { place: 'body.value.*.clientState' }, request(graph()), 'signature_missing'],
    ['a body of another shape', { place: 'body.value.*.clientState' }, request('{"value":5}'), 'signature_missing'],
    ['no JSON', { place: 'body.passcode' }, request('x'), 'signature_missing'],
  ])('%s', (_, options, signed, code) => {
    expect(codeOf(source('token', options), signed)).toBe(code);
  });

  it('is stored redacted wherever it was', () => {
    expect(credentialHeaders(source('token', { header: 'X-Odd' }))).toContain('x-odd');
    expect([...credentialParameters(source('token', { place: 'query.Odd' }))]).toEqual(['odd']);
    expect([...credentialParameters(source('hmac', { header: 'x' }))]).toEqual([]);
  });
});

const pem = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));
const der = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64');
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rawEd = Buffer.from(ed.publicKey.export({ format: 'jwk' }).x as string, 'base64url');

describe('public-key', () => {
  const signedText = Buffer.from(`${SECONDS}|${BODY}`);
  const headers = (signature: Buffer, encoding: 'hex' | 'base64' = 'base64') => ({
    x: signature.toString(encoding),
    'x-time': String(SECONDS),
  });
  const options = (algorithm: VerificationOptions['algorithm'], encoding: 'hex' | 'base64' = 'base64') => ({
    header: 'x',
    algorithm,
    encoding,
    signed: '{{ timestamp }}|{{ body }}',
    timestamp: 'headers.x-time',
  });

  it.each([
    [
      'ed25519, raw base64',
      options('ed25519'),
      headers(sign(null, signedText, ed.privateKey)),
      rawEd.toString('base64'),
      'verified',
    ],
    [
      'ed25519, raw hex',
      options('ed25519', 'hex'),
      headers(sign(null, signedText, ed.privateKey), 'hex'),
      rawEd.toString('hex'),
      'verified',
    ],
    ['ed25519, PEM', options('ed25519'), headers(sign(null, signedText, ed.privateKey)), pem(ed.publicKey), 'verified'],
    [
      'ecdsa, base64 of DER',
      options('ecdsa-sha256'),
      headers(sign('sha256', signedText, ec.privateKey)),
      der(ec.publicKey),
      'verified',
    ],
    [
      'rsa, PEM',
      options('rsa-sha256'),
      headers(sign('sha256', signedText, rsa.privateKey)),
      pem(rsa.publicKey),
      'verified',
    ],
    [
      'another content',
      options('rsa-sha256'),
      headers(sign('sha256', Buffer.from('x'), rsa.privateKey)),
      pem(rsa.publicKey),
      'signature_mismatch',
    ],
    [
      'a key of another kind',
      options('ed25519'),
      headers(sign('sha256', signedText, rsa.privateKey)),
      pem(rsa.publicKey),
      'signature_mismatch',
    ],
    ['a short signature', options('ed25519'), headers(Buffer.from('x')), pem(ed.publicKey), 'signature_mismatch'],
    [
      'no key at all',
      options('ecdsa-sha256'),
      headers(sign('sha256', signedText, ec.privateKey)),
      'words',
      'signature_mismatch',
    ],
  ])('%s', (_, its, given, key, code) => {
    expect(codeOf(source('public-key', its as VerificationOptions, [key]), request(BODY, given))).toBe(code);
  });
});

describe('jwt', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  type Sign = (content: Buffer) => Buffer;
  const tokenOf = (alg: string, claims: object, by: Sign, extensions = {}) => {
    const content = `${part({ alg, typ: 'JWT', ...extensions })}.${part(claims)}`;
    return `${content}.${by(Buffer.from(content)).toString('base64url')}`;
  };
  const byHmac: Sign = (content) => createHmac('sha256', SECRET).update(content).digest();
  const byRsa: Sign = (content) => sign('sha256', content, rsa.privateKey);
  const byEc: Sign = (content) => sign('sha256', content, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
  const byEd: Sign = (content) => sign(null, content, ed.privateKey);
  const rsaPem = pem(rsa.publicKey);
  const bodyHash = createHash('sha256').update(BODY).digest('hex');
  const AUD = { algorithm: 'RS256', audience: 'https://me', issuer: 'them' } as const;

  it.each<[string, VerificationOptions | null, string, string, string]>([
    ['HS256', null, tokenOf('HS256', { exp: SECONDS + 60 }, byHmac), SECRET, 'verified'],
    ['HS256 by another secret', null, tokenOf('HS256', {}, byHmac), 'other', 'signature_mismatch'],
    ['RS256', { algorithm: 'RS256' }, tokenOf('RS256', {}, byRsa), rsaPem, 'verified'],
    ['ES256', { algorithm: 'ES256' }, tokenOf('ES256', {}, byEc), pem(ec.publicKey), 'verified'],
    ['EdDSA', { algorithm: 'EdDSA' }, tokenOf('EdDSA', {}, byEd), pem(ed.publicKey), 'verified'],
    [
      'HS256 with the public key as its secret',
      { algorithm: 'RS256' },
      tokenOf('HS256', {}, (content) => createHmac('sha256', rsaPem).update(content).digest()),
      rsaPem,
      'signature_mismatch',
    ],
    ['no algorithm', { algorithm: 'RS256' }, tokenOf('none', {}, () => Buffer.from('x')), rsaPem, 'signature_mismatch'],
    ['run out', null, tokenOf('HS256', { exp: SECONDS - 301 }, byHmac), SECRET, 'timestamp_out_of_tolerance'],
    ['hardly run out', null, tokenOf('HS256', { exp: SECONDS - 299 }, byHmac), SECRET, 'verified'],
    ['not valid yet', null, tokenOf('HS256', { nbf: SECONDS + 301 }, byHmac), SECRET, 'timestamp_out_of_tolerance'],
    [
      'with a time that is none',
      null,
      tokenOf('HS256', { exp: String(SECONDS - 301) }, byHmac),
      SECRET,
      'timestamp_invalid',
    ],
    ['with no time', null, tokenOf('HS256', { nbf: null }, byHmac), SECRET, 'timestamp_invalid'],
    [
      'with an extension',
      null,
      tokenOf('HS256', {}, byHmac, { crit: ['b64'], b64: false }),
      SECRET,
      'signature_mismatch',
    ],
    ['for me, by them', AUD, tokenOf('RS256', { aud: ['x', 'https://me'], iss: 'them' }, byRsa), rsaPem, 'verified'],
    ['for another', AUD, tokenOf('RS256', { aud: 'https://you', iss: 'them' }, byRsa), rsaPem, 'signature_mismatch'],
    ['for nobody', AUD, tokenOf('RS256', { iss: 'them' }, byRsa), rsaPem, 'signature_mismatch'],
    ['by another', AUD, tokenOf('RS256', { aud: 'https://me', iss: 'x' }, byRsa), rsaPem, 'signature_mismatch'],
    ['of this body', { body_hash: 'sha256' }, tokenOf('HS256', { sha256: bodyHash }, byHmac), SECRET, 'verified'],
    [
      'of another body',
      { body_hash: 'sha256' },
      tokenOf('HS256', { sha256: 'x' }, byHmac),
      SECRET,
      'signature_mismatch',
    ],
    ['of no body', { body_hash: 'sha256' }, tokenOf('HS256', {}, byHmac), SECRET, 'signature_mismatch'],
    ['a cut one', null, tokenOf('HS256', {}, byHmac).split('.').slice(0, 2).join('.'), SECRET, 'signature_missing'],
    ['no token', null, 'x.y.z', SECRET, 'signature_missing'],
  ])('%s', (_, options, given, secret, code) => {
    const its = source('jwt', options, ['old', secret]);
    expect(codeOf(its, request(BODY, { authorization: `Bearer ${given}` }))).toBe(code);
    expect(codeOf(its, request(BODY, { authorization: given }))).toBe(code);
  });

  it('in a header of its own', () => {
    const its = source('jwt', { header: 'X-Webhook-Signature' });
    expect(codeOf(its, request(BODY, { 'x-webhook-signature': tokenOf('HS256', {}, byHmac) }))).toBe('verified');
    expect(credentialHeaders(its)).toContain('x-webhook-signature');
  });
});
