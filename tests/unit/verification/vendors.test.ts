import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import nacl from 'tweetnacl';
import twilio from 'twilio';
import {
  credentialHeaders,
  type SignedRequest,
  type VerifiedSource,
  verify,
} from '../../../api/src/ingest/verification/index.ts';
import type { VerificationOptions, VerificationScheme } from '../../../api/src/model/configuration.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const SECONDS = String(NOW / 1000);

type Headers = Record<string, string>;

function source(verification: VerificationScheme, secrets: string[], options: VerificationOptions | null = null) {
  return { verification, secrets, verification_options: options } satisfies VerifiedSource;
}

function request(body: string, headers: Headers, publicUrl = 'http://localhost:8080/ingest/x'): SignedRequest {
  const { pathname, search } = new URL(publicUrl);
  return { method: 'POST', url: pathname + search, publicUrl, headers, rawBody: Buffer.from(body) };
}

function codeOf(of: VerifiedSource, signed: SignedRequest, now = NOW): string {
  const result = verify(of, signed, now);
  return result.verified ? 'verified' : result.code;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('what vendors publish', () => {
  it("Slack's example (docs.slack.dev, Verifying requests from Slack)", () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const slack = source('slack', ['8f742231b10e8888abcd99yyyzzz85a5']);
    expect(codeOf(slack, request(body, headers), 1_531_420_618_000)).toBe('verified');
    expect(codeOf(slack, request(`${body}0`, headers), 1_531_420_618_000)).toBe('signature_mismatch');
  });

  it("Twilio's example (twilio.com/docs, Validating requests)", () => {
    const fields = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    };
    const body = new URLSearchParams(fields).toString();
    const headers = { ...FORM, 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' };
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(codeOf(source('twilio', ['12345']), request(body, headers, url))).toBe('verified');
    const elsewhere = 'https://mycompany.com/myapp.php?foo=1&bar=3';
    expect(codeOf(source('twilio', ['12345']), request(body, headers, elsewhere))).toBe('signature_mismatch');
  });
});

describe('stripe', () => {
  const secret = 'whsec_test_secret';
  const other = 'whsec_another';
  const payload = '{"id": "evt_1", "type": "charge.succeeded"}';
  const signed = (body: string, key: string, at = NOW) =>
    new Stripe('sk_test_x').webhooks.generateTestHeaderString({
      payload: body,
      secret: key,
      timestamp: Math.floor(at / 1000),
    });
  const good = signed(payload, secret);

  it.each([
    ["what Stripe's library signs", payload, good, [secret], 'verified'],
    ['a secret that is rotated out', payload, good, [other, secret], 'verified'],
    [
      'several v1, as while Stripe rolls a secret',
      payload,
      `${signed(payload, other)},v1=${good.split('v1=')[1]}`,
      [secret],
      'verified',
    ],
    ['spaces in the list', payload, good.replace(',', ', '), [secret], 'verified'],
    ['another body', `${payload} `, good, [secret], 'signature_mismatch'],
    ['another secret', payload, good, [other], 'signature_mismatch'],
    ['the secret without its prefix', payload, good, ['test_secret'], 'signature_mismatch'],
    ['another time', payload, good.replace(/t=\d+/, `t=${NOW / 1000 + 1}`), [secret], 'signature_mismatch'],
    ['only v0, which test events have', payload, good.replace('v1=', 'v0='), [secret], 'signature_missing'],
    ['no time', payload, good.replace(/t=\d+,/, ''), [secret], 'signature_missing'],
    ['a time in words', payload, good.replace(/t=\d+/, 't=now'), [secret], 'timestamp_invalid'],
    ['too old', payload, signed(payload, secret, NOW - 301_000), [secret], 'timestamp_out_of_tolerance'],
    ['too far ahead', payload, signed(payload, secret, NOW + 301_000), [secret], 'timestamp_out_of_tolerance'],
  ])('%s', (_what, body, header, secrets, code) => {
    expect(codeOf(source('stripe', secrets), request(body, { 'stripe-signature': header }))).toBe(code);
  });

  it('nothing at all', () => {
    expect(codeOf(source('stripe', [secret]), request(payload, {}))).toBe('signature_missing');
  });
});

describe('slack', () => {
  const signed = (body: string, at: string, key = 's3cret') => ({
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${createHmac('sha256', key).update(`v0:${at}:${body}`).digest('hex')}`,
  });
  const good = signed('{}', SECONDS);
  it.each<[string, string, Headers, string]>([
    ['good', '{}', good, 'verified'],
    ['another body', '{ }', good, 'signature_mismatch'],
    ['another time', '{}', { ...good, 'x-slack-request-timestamp': String(NOW / 1000 - 1) }, 'signature_mismatch'],
    ['another secret', '{}', signed('{}', SECONDS, 'other'), 'signature_mismatch'],
    [
      'another version',
      '{}',
      { ...good, 'x-slack-signature': good['x-slack-signature'].replace('v0', 'v1') },
      'signature_mismatch',
    ],
    ['too old', '{}', signed('{}', String(NOW / 1000 - 301)), 'timestamp_out_of_tolerance'],
    ['no time', '{}', { 'x-slack-signature': good['x-slack-signature'] }, 'signature_missing'],
    ['no signature', '{}', { 'x-slack-request-timestamp': SECONDS }, 'signature_missing'],
  ])('%s', (_what, body, headers, code) => {
    expect(codeOf(source('slack', ['old', 's3cret']), request(body, headers))).toBe(code);
  });
});

describe('twilio', () => {
  it('a form of very many fields is refused without a look at each', () => {
    const form = Array.from({ length: 500_000 }, (_, i) => `f${i}=1`).join('&');
    const headers = { ...FORM, 'x-twilio-signature': 'x' };
    expect(codeOf(source('twilio', ['auth-token']), request(form, headers))).toBe('signature_mismatch');
  });

  const token = 'auth-token';
  const url = 'https://hooks.example.com/ingest/sms?a=b';
  const fields = { Body: 'Grüße + mehr', From: '+4915', To: '+1', Empty: '' };
  const body = new URLSearchParams(fields).toString();
  const signature = (at: string, params: Record<string, unknown>) => ({
    'x-twilio-signature': twilio.getExpectedTwilioSignature(token, at, params),
  });
  const form = { ...FORM, ...signature(url, fields) };
  const options = { url: 'https://hooks.example.com/ingest/sms' };
  const inside = 'http://10.0.0.1:8080/ingest/sms?a=b';

  it.each<[string, VerificationOptions | null, string, string, Headers, string]>([
    ["a form that Twilio's library signs", null, url, body, form, 'verified'],
    [
      'the URL that Twilio has, from the options, with the query of the request',
      options,
      inside,
      body,
      form,
      'verified',
    ],
    ['behind a proxy nobody told of', null, inside, body, form, 'signature_mismatch'],
    ['another query', options, inside.replace('a=b', 'a=c'), body, form, 'signature_mismatch'],
    ['another field', null, url, `${body}&More=1`, form, 'signature_mismatch'],
    [
      'signed with the standard port',
      null,
      url,
      body,
      { ...FORM, ...signature(url.replace('.com/', '.com:443/'), fields) },
      'verified',
    ],
    ['requested with a port, signed without', null, url.replace('.com/', '.com:8443/'), body, form, 'verified'],
    [
      'a field that comes twice',
      null,
      url,
      'A=2&A=1&A=2',
      { ...FORM, ...signature(url, { A: ['2', '1', '2'] }) },
      'verified',
    ],
    ['no body', null, url, '', signature(url, {}), 'verified'],
    [
      'JSON whose hash nobody signed',
      null,
      url,
      '{}',
      { 'content-type': 'application/json', ...signature(url, {}) },
      'signature_mismatch',
    ],
    ['no signature', null, url, body, FORM, 'signature_missing'],
  ])('%s', (_what, given, at, text, headers, code) => {
    expect(codeOf(source('twilio', ['old', token], given), request(text, headers, at))).toBe(code);
  });

  it('JSON by bodySHA256', () => {
    const json = '{"a": 1}';
    const hash = twilio.getExpectedBodyHash(json);
    const signedUrl = `${url}&bodySHA256=${hash}`;
    const headers = { 'content-type': 'application/json', ...signature(signedUrl, {}) };
    const of = source('twilio', [token]);
    expect(codeOf(of, request(json, headers, signedUrl))).toBe('verified');
    expect(codeOf(of, request('{"a": 2}', headers, signedUrl))).toBe('signature_mismatch');
    const forged = signedUrl.replace(hash, createHash('sha256').update('{"a": 2}').digest('hex'));
    expect(codeOf(of, request('{"a": 2}', headers, forged))).toBe('signature_mismatch');
    expect(codeOf(of, request('', headers, `${url}&bodySHA256=`))).toBe('signature_mismatch');
  });
});

describe('discord', () => {
  // As Discord's documentation does it, with tweetnacl.
  const keys = nacl.sign.keyPair.fromSeed(Buffer.alloc(32, 7));
  const publicKey = Buffer.from(keys.publicKey).toString('hex');
  const signed = (body: string, at: string, secretKey = keys.secretKey) => ({
    'x-signature-timestamp': at,
    'x-signature-ed25519': Buffer.from(nacl.sign.detached(Buffer.from(at + body), secretKey)).toString('hex'),
  });
  const good = signed('{"type":1}', SECONDS);
  const stranger = nacl.sign.keyPair().secretKey;

  it.each<[string, string, Headers, string]>([
    ['good', '{"type":1}', good, 'verified'],
    ['another body', '{"type":2}', good, 'signature_mismatch'],
    ['another time', '{"type":1}', { ...good, 'x-signature-timestamp': String(NOW / 1000 + 1) }, 'signature_mismatch'],
    ['another key', '{"type":1}', signed('{"type":1}', SECONDS, stranger), 'signature_mismatch'],
    [
      'half a signature',
      '{"type":1}',
      { ...good, 'x-signature-ed25519': good['x-signature-ed25519'].slice(0, 64) },
      'signature_mismatch',
    ],
    ['not hexadecimal', '{"type":1}', { ...good, 'x-signature-ed25519': 'z'.repeat(128) }, 'signature_mismatch'],
    ['too old', '{"type":1}', signed('{"type":1}', String(NOW / 1000 - 301)), 'timestamp_out_of_tolerance'],
    ['no signature', '{"type":1}', { 'x-signature-timestamp': SECONDS }, 'signature_missing'],
    ['no time', '{"type":1}', { 'x-signature-ed25519': good['x-signature-ed25519'] }, 'signature_missing'],
  ])('%s', (_what, body, headers, code) => {
    expect(codeOf(source('discord', ['00'.repeat(32), publicKey]), request(body, headers))).toBe(code);
  });

  it.each(['', 'zz', publicKey.slice(2), `${publicKey}00`])('the key %j verifies nothing', (key) => {
    expect(codeOf(source('discord', [key, key]), request('{"type":1}', good))).not.toBe('verified');
  });
});

describe('standard-webhooks, v1a', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url');
  const key = `whpk_${raw.toString('base64')}`;
  const signature = (body: string) => sign(null, Buffer.from(`id.${SECONDS}.${body}`), privateKey).toString('base64');
  const headers = (list: string) => ({ 'webhook-id': 'id', 'webhook-timestamp': SECONDS, 'webhook-signature': list });
  const hmac = (secret: Buffer | string) => createHmac('sha256', secret).update(`id.${SECONDS}.{}`).digest('base64');

  it.each<[string, string[], string, string]>([
    ['good', [key], `v1a,${signature('{}')}`, 'verified'],
    ['among others', ['whsec_bm90IHRoaXM=', key], `v1,AAAA v1a,AAAA v1a,${signature('{}')}`, 'verified'],
    ['another body', [key], `v1a,${signature('{ }')}`, 'signature_mismatch'],
    ['as v1', [key], `v1,${signature('{}')}`, 'signature_mismatch'],
    ['an HMAC under the public key, which anybody can make', [key], `v1,${hmac(raw)}`, 'signature_mismatch'],
    ['an HMAC under the text of the public key', [key], `v1,${hmac(Buffer.from(key, 'base64'))}`, 'signature_mismatch'],
    ['an empty key', ['whpk_'], `v1a,${signature('{}')}`, 'signature_mismatch'],
  ])('%s', (_what, secrets, list, code) => {
    expect(codeOf(source('standard-webhooks', secrets), request('{}', headers(list)))).toBe(code);
  });
});

describe("GitLab's signing token", () => {
  const TOKEN = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const sent = new StandardWebhook(TOKEN).sign('f5e0', new Date(NOW), '{}');
  const signed = { 'webhook-id': 'f5e0', 'webhook-timestamp': SECONDS, 'webhook-signature': sent };
  const plain = { 'x-gitlab-token': 'a Secret token' };
  it.each<[string, string[], Headers, string]>([
    ['signs', [TOKEN], signed, 'verified'],
    ['signs beside a Secret token', [TOKEN], { ...signed, 'x-gitlab-token': 'another' }, 'verified'],
    ['must sign', [TOKEN], plain, 'signature_missing'],
    ['must sign this body', [TOKEN], { ...signed, 'webhook-id': 'f5e1' }, 'signature_mismatch'],
    ['is not asked of a Secret token', ['a Secret token'], { ...signed, ...plain }, 'verified'],
    ['may replace a Secret token: before', [TOKEN, 'a Secret token'], plain, 'verified'],
    ['may replace a Secret token: after', [TOKEN, 'a Secret token'], signed, 'verified'],
    ['may replace a Secret token: neither', [TOKEN, 'a Secret token'], { 'x-gitlab-token': 'x' }, 'signature_mismatch'],
  ])('%s', (_, secrets, headers, code) => {
    expect(codeOf(source('gitlab', secrets), request('{}', headers))).toBe(code);
  });
});

describe('by a shared text', () => {
  const shopify = (body: string) => createHmac('sha256', 's3cret').update(body).digest('base64');
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each<[VerificationScheme, string, Headers, string]>([
    ['shopify', 's3cret', { 'x-shopify-hmac-sha256': shopify('{}') }, 'verified'],
    ['shopify', 's3cret', { 'x-shopify-hmac-sha256': shopify('{ }') }, 'signature_mismatch'],
    ['shopify', 's3cret', {}, 'signature_missing'],
    ['gitlab', 's3cret', { 'x-gitlab-token': 's3cret' }, 'verified'],
    ['gitlab', 's3cret', { 'x-gitlab-token': 's3cre' }, 'signature_mismatch'],
    ['gitlab', 's3cret', { 'x-gitlab-token': 'S3cret' }, 'signature_mismatch'],
    ['gitlab', 's3cret', {}, 'signature_missing'],
    ['basic', 'user:pa:ss', { authorization: basic('user:pa:ss') }, 'verified'],
    ['basic', 'user:pä', { authorization: basic('user:pä').replace('Basic', 'basic ') }, 'verified'],
    ['basic', 'user:pass', { authorization: basic('user:other') }, 'signature_mismatch'],
    ['basic', 'user:pass', { authorization: 'Basic !!!' }, 'signature_mismatch'],
    ['basic', 'user:pass', { authorization: 'Bearer user:pass' }, 'signature_missing'],
    ['bearer', 't0ken', { authorization: 'Bearer t0ken' }, 'verified'],
    ['bearer', 't0ken', { authorization: 'bearer t0ken' }, 'verified'],
    ['bearer', 't0ken', { authorization: 'Bearer t0ken2' }, 'signature_mismatch'],
    ['bearer', 't0ken', { authorization: 't0ken' }, 'signature_missing'],
    ['bearer', 't0ken', {}, 'signature_missing'],
  ])('%s, secret %j and %j: %s', (scheme, secret, headers, code) => {
    expect(codeOf(source(scheme, ['old:one', secret]), request('{}', headers))).toBe(code);
  });
});

describe('every scheme that needs a secret', () => {
  const schemes = [
    ['github', ['x-hub-signature-256']],
    ['gitlab', ['x-gitlab-token', 'webhook-signature']],
    ['stripe', ['stripe-signature']],
    ['slack', ['x-slack-signature']],
    ['shopify', ['x-shopify-hmac-sha256']],
    ['twilio', ['x-twilio-signature']],
    ['discord', ['x-signature-ed25519']],
    ['standard-webhooks', ['webhook-signature']],
    ['hmac', ['x-signature']],
    ['public-key', ['x-signature']],
    ['jwt', ['authorization']],
    ['token', ['authorization']],
    ['basic', ['authorization']],
    ['bearer', ['authorization']],
  ] as [VerificationScheme, string[]][];

  it.each(schemes)('%s refuses all while there is none, also what is signed with an empty one', (scheme) => {
    const empty = createHmac('sha256', '').update('').digest('hex');
    const headers = { authorization: 'Bearer ', 'x-gitlab-token': '', 'x-hub-signature-256': `sha256=${empty}` };
    for (const secrets of [[], ['']])
      expect(codeOf(source(scheme, secrets), request('', headers))).toBe('secret_missing');
  });

  it.each(schemes)('%s stores %s redacted', (scheme, names) => {
    for (const name of names) expect(credentialHeaders(source(scheme, ['s']))).toContain(name);
  });

  it.each(schemes)('%s never repeats a secret or a signature', (scheme, names) => {
    const headers = Object.fromEntries(names.map((name) => [name, 'canary']));
    for (const given of [headers, {}])
      expect(JSON.stringify(verify(source(scheme, ['hush:hush']), request('{}', given), NOW))).not.toMatch(
        /canary|hush/,
      );
  });
});
