import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import {
  credentialHeaders,
  looksLikeCredential,
  type SignedRequest,
  type VerifiedSource,
  verify,
} from '../../../api/src/ingest/verification/index.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

function source(fields: Partial<VerifiedSource>): VerifiedSource {
  return { verification: 'none', verification_options: null, secrets: [], ...fields };
}

function request(body: string | Buffer, headers: Record<string, string>): SignedRequest {
  return {
    method: 'POST',
    url: '/ingest/x',
    publicUrl: 'http://localhost/ingest/x',
    headers,
    rawBody: Buffer.from(body),
  };
}

function codeOf(...args: Parameters<typeof verify>): string {
  const result = verify(...args);
  return result.verified ? 'verified' : result.code;
}

const hex = (algorithm: string, secret: string, body: string | Buffer) =>
  createHmac(algorithm, secret).update(body).digest('hex');

describe('none', () => {
  it('accepts anything, with or without a secret', () => {
    expect(verify(source({}), request('', {}), NOW)).toEqual({ verified: true });
    expect(verify(source({ secrets: ['s'] }), request('x', {}), NOW)).toEqual({ verified: true });
  });
});

describe('a scheme that needs a secret', () => {
  it.each(['github', 'standard-webhooks', 'hmac'] as const)('%s refuses everything while there is none', (scheme) => {
    for (const secrets of [[], ['']]) {
      const signed = {
        'x-hub-signature-256': `sha256=${hex('sha256', '', 'x')}`,
        'x-signature': hex('sha256', '', 'x'),
      };
      const result = verify(source({ verification: scheme, secrets }), request('x', signed), NOW);
      expect(result).toMatchObject({
        verified: false,
        code: 'secret_missing',
        detail: expect.stringContaining(scheme),
      });
    }
  });

  it.each(['github', 'standard-webhooks', 'hmac'] as const)(
    '%s never takes an empty secret beside a good one',
    (scheme) => {
      const id = { 'webhook-id': 'a', 'webhook-timestamp': String(NOW / 1000) };
      const forged = createHmac('sha256', '')
        .update(`a.${NOW / 1000}.x`)
        .digest('base64');
      const headers = {
        ...id,
        'webhook-signature': `v1,${forged}`,
        'x-hub-signature-256': `sha256=${hex('sha256', '', 'x')}`,
        'x-signature': hex('sha256', '', 'x'),
      };
      expect(codeOf(source({ verification: scheme, secrets: ['c2VjcmV0', ''] }), request('x', headers), NOW)).toBe(
        'signature_mismatch',
      );
    },
  );
});

describe('github', () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const secret = "It's a Secret to Everybody";
  const body = 'Hello, World!';
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const github = source({ verification: 'github', secrets: [secret] });

  it("verifies GitHub's published example", () => {
    expect(verify(github, request(body, { 'x-hub-signature-256': signature }), NOW)).toEqual({ verified: true });
  });

  it('verifies while the secret is being rotated', () => {
    const rotating = source({ verification: 'github', secrets: ['new one', secret] });
    expect(codeOf(rotating, request(body, { 'x-hub-signature-256': signature }), NOW)).toBe('verified');
  });

  it.each([
    ['another body', request('Hello, World?', { 'x-hub-signature-256': signature }), 'signature_mismatch'],
    ['a longer body', request(`${body} `, { 'x-hub-signature-256': signature }), 'signature_mismatch'],
    ['no prefix', request(body, { 'x-hub-signature-256': signature.slice(7) }), 'signature_mismatch'],
    ['a cut signature', request(body, { 'x-hub-signature-256': signature.slice(0, -2) }), 'signature_mismatch'],
    ['a longer signature', request(body, { 'x-hub-signature-256': `${signature}00` }), 'signature_mismatch'],
    ['not hex', request(body, { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }), 'signature_mismatch'],
    ['only a prefix', request(body, { 'x-hub-signature-256': 'sha256=' }), 'signature_mismatch'],
    ['SHA-1 only', request(body, { 'x-hub-signature': `sha1=${hex('sha1', secret, body)}` }), 'signature_missing'],
    ['an empty header', request(body, { 'x-hub-signature-256': '' }), 'signature_missing'],
  ])('refuses %s', (_, signed, code) => {
    expect(codeOf(github, signed, NOW)).toBe(code);
  });

  it('says what to do, and never the secret', () => {
    const result = verify(github, request(body, {}), NOW);
    expect(result).toMatchObject({
      detail: expect.stringMatching(/no x-hub-signature-256 header.*settings on GitHub/),
    });
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

describe('standard-webhooks', () => {
  // The vector of the reference libraries' tests.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = '{"test": 2432232314}';
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const vector = {
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const at = 1614265330_000;
  const standard = source({ verification: 'standard-webhooks', secrets: [secret] });

  it("verifies the reference libraries' vector, with and without the secret's prefix", () => {
    expect(codeOf(standard, request(body, vector), at)).toBe('verified');
    const bare = source({ verification: 'standard-webhooks', secrets: [secret.slice(6)] });
    expect(codeOf(bare, request(body, vector), at)).toBe('verified');
  });

  it.each([
    ['standardwebhooks', new StandardWebhook(secret)],
    ['svix', new SvixWebhook(secret)],
  ])('verifies what the %s library signs', (_, library) => {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': library.sign(id, new Date(NOW), 'ä ☃'),
    };
    expect(codeOf(standard, request('ä ☃', headers), NOW)).toBe('verified');
  });

  it.each(['whsec_', '!!!', 'whsec_='])('never verifies by the secret %j, which decodes to nothing', (empty) => {
    const digest = createHmac('sha256', '').update(`${id}.1614265330.${body}`).digest('base64');
    const forged = request(body, { ...vector, 'webhook-signature': `v1,${digest}` });
    expect(codeOf(source({ verification: 'standard-webhooks', secrets: [empty] }), forged, at)).toBe(
      'signature_mismatch',
    );
  });

  it('verifies when any of several signatures fits any of the secrets', () => {
    const rotating = source({ verification: 'standard-webhooks', secrets: ['whsec_bm90IHRoaXM=', secret] });
    const list = { ...vector, 'webhook-signature': `v1a,xyz v1,AAAA ${vector['webhook-signature']}` };
    expect(codeOf(rotating, request(body, list), at)).toBe('verified');
  });

  it.each([
    ['another body', request('{}', vector), 'signature_mismatch'],
    ['another id', request(body, { ...vector, 'webhook-id': 'msg_x' }), 'signature_mismatch'],
    ['another timestamp', request(body, { ...vector, 'webhook-timestamp': '1614265331' }), 'signature_mismatch'],
    [
      'an unknown version',
      request(body, { ...vector, 'webhook-signature': vector['webhook-signature'].replace('v1', 'v2') }),
      'signature_mismatch',
    ],
    ['no signature text', request(body, { ...vector, 'webhook-signature': 'v1,' }), 'signature_mismatch'],
    ['a timestamp in words', request(body, { ...vector, 'webhook-timestamp': 'now' }), 'timestamp_invalid'],
    ['a negative timestamp', request(body, { ...vector, 'webhook-timestamp': '-1614265330' }), 'timestamp_invalid'],
    ['a fraction', request(body, { ...vector, 'webhook-timestamp': '1614265330.5' }), 'timestamp_invalid'],
  ])('refuses %s', (_, signed, code) => {
    expect(codeOf(standard, signed, at)).toBe(code);
  });

  it.each([
    [-301_000, 'timestamp_out_of_tolerance'],
    [-300_000, 'verified'],
    [300_000, 'verified'],
    [301_000, 'timestamp_out_of_tolerance'],
  ])('tolerates five minutes either way: clock off by %d ms is %s', (off, code) => {
    expect(codeOf(standard, request(body, vector), at + off)).toBe(code);
  });

  it('names every missing header', () => {
    const { 'webhook-id': _id, ...rest } = vector;
    expect(verify(standard, request(body, rest), at)).toMatchObject({
      code: 'signature_missing',
      detail: expect.stringContaining('no webhook-id header'),
    });
    expect(verify(standard, request(body, {}), at)).toMatchObject({
      detail: expect.stringContaining('no webhook-id and no webhook-timestamp and no webhook-signature'),
    });
  });
});

describe('hmac', () => {
  const body = Buffer.from([0, 255, 1, 254, 10]);

  it.each([
    { algorithm: 'sha1', encoding: 'hex', prefix: '' },
    { algorithm: 'sha256', encoding: 'base64', prefix: '' },
    { algorithm: 'sha512', encoding: 'hex', prefix: 'v0=' },
    { algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  ] as const)('verifies $prefix$algorithm in $encoding over raw bytes', ({ algorithm, encoding, prefix }) => {
    const hmac = source({
      verification: 'hmac',
      secrets: ['old', 's3cret'],
      verification_options: { header: 'X-Custom-Signature', algorithm, encoding, prefix },
    });
    const signature = createHmac(algorithm, 's3cret').update(body).digest(encoding);
    expect(codeOf(hmac, request(body, { 'x-custom-signature': prefix + signature }), NOW)).toBe('verified');
    expect(codeOf(hmac, request(`${body}!`, { 'x-custom-signature': prefix + signature }), NOW)).toBe(
      'signature_mismatch',
    );
    expect(codeOf(hmac, request(body, { 'x-signature': prefix + signature }), NOW)).toBe('signature_missing');
  });

  it('takes hex SHA-256 in x-signature unless told otherwise', () => {
    const hmac = source({ verification: 'hmac', secrets: ['s'] });
    expect(codeOf(hmac, request('b', { 'x-signature': hex('sha256', 's', 'b').toUpperCase() }), NOW)).toBe('verified');
  });

  it('insists on the prefix, and says so', () => {
    const hmac = source({ verification: 'hmac', secrets: ['s'], verification_options: { prefix: 'sha256=' } });
    expect(verify(hmac, request('b', { 'x-signature': hex('sha256', 's', 'b') }), NOW)).toMatchObject({
      code: 'signature_mismatch',
      detail: expect.stringContaining('"sha256="'),
    });
  });
});

describe('credentials', () => {
  it.each([
    [source({}), ['authorization', 'cookie', 'x-api-key'], ['x-hub-signature-256', 'content-type', 'webhook-id']],
    [source({ verification: 'github' }), ['x-hub-signature-256', 'x-hub-signature'], ['x-github-delivery']],
    [source({ verification: 'standard-webhooks' }), ['webhook-signature'], ['webhook-id', 'webhook-timestamp']],
    [source({ verification: 'hmac', verification_options: { header: 'X-Sig' } }), ['x-sig'], ['x-signature']],
    [source({ verification: 'hmac', verification_options: {} }), ['x-signature'], ['x-request-id']],
  ])('of %j', (of, hidden, shown) => {
    const names = credentialHeaders(of);
    for (const name of hidden) expect(names).toContain(name);
    for (const name of shown) expect(names).not.toContain(name);
  });

  it.each([
    ['Bearer abc', true],
    ['basic dXNlcjpwYXNz', true],
    ['token ghp_x', true],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', true],
    ['application/json', false],
    ['bearer', false],
    ['the bearer of news', false],
    ['GitHub-Hookshot/abc', false],
  ])('a value like %j: %j', (value, expected) => {
    expect(looksLikeCredential(value)).toBe(expected);
  });
});
