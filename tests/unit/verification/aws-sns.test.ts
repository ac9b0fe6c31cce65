import { sign } from 'node:crypto';
import { createVerify, type SignedRequest, verify } from '../../../api/src/ingest/verification/index.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../../support/certificate.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders';
const HOST = 'https://sns.eu-west-1.amazonaws.com';
const CERTIFICATE = `${HOST}/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem`;
const source = { verification: 'aws-sns' as const, verification_options: null, secrets: ['another', TOPIC] };

const NOTIFICATION = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Subject: 'My First Message',
  Message: 'Hello world!\nä',
  Timestamp: '2026-01-31T12:00:00.000Z',
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE,
  UnsubscribeURL: `${HOST}/?Action=Unsubscribe`,
};
const CONFIRMATION = {
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37',
  TopicArn: TOPIC,
  Message: 'You have chosen to subscribe.',
  SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37`,
  Timestamp: '2026-01-31T12:00:00.000Z',
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE,
};

/** As Amazon's documentation says: names and values of these fields, in this order, a line each. */
function signed(message: Record<string, string>, changed: Record<string, unknown> = {}): SignedRequest {
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`);
  const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  const Signature = sign(algorithm, Buffer.from(text.join('')), TLS_KEY).toString('base64');
  return request(JSON.stringify({ ...message, Signature, ...changed }));
}

function request(body: string): SignedRequest {
  const headers = { 'content-type': 'text/plain; charset=UTF-8' };
  return {
    method: 'POST',
    url: '/ingest/x',
    publicUrl: 'https://a.example/ingest/x',
    headers,
    rawBody: Buffer.from(body),
  };
}

function amazon(
  answer: { status: number; body: string } | { failure: string } = { status: 200, body: TLS_CERTIFICATE },
) {
  const asked: string[] = [];
  const check = createVerify(async (url) => {
    asked.push(url);
    return answer;
  });
  return {
    asked,
    codeOf: async (its: SignedRequest, of: Parameters<typeof verify>[0] = source) => {
      const result = await check(of, its, Date.now());
      return result.verified ? 'verified' : result.code;
    },
  };
}

const { Subject: _, ...WITHOUT_SUBJECT } = NOTIFICATION;

it.each([
  ['a notification', signed(NOTIFICATION), 'verified'],
  ['one without a subject', signed(WITHOUT_SUBJECT), 'verified'],
  ['one by SHA-1', signed({ ...NOTIFICATION, SignatureVersion: '1' }), 'verified'],
  ['a confirmation', signed(CONFIRMATION), 'verified'],
  ['the end of a subscription', signed({ ...CONFIRMATION, Type: 'UnsubscribeConfirmation' }), 'verified'],
  ['another message', signed(NOTIFICATION, { Message: 'Hello' }), 'signature_mismatch'],
  ['another URL to confirm at', signed(CONFIRMATION, { SubscribeURL: `${HOST}/?x` }), 'signature_mismatch'],
  ['another version', signed({ ...NOTIFICATION, SignatureVersion: '3' }), 'signature_mismatch'],
  ['no version', signed(NOTIFICATION, { SignatureVersion: undefined }), 'signature_mismatch'],
  ['no signature', signed(NOTIFICATION, { Signature: undefined }), 'signature_missing'],
  ['raw delivery', request('{"order":1}'), 'signature_missing'],
  ['a list', request('[]'), 'signature_missing'],
  ['no JSON', request('x'), 'signature_missing'],
])('%s: %s', async (_, its, code) => {
  expect(await amazon().codeOf(its)).toBe(code);
});

it("another topic's message is refused although Amazon signed it, and nothing is fetched", async () => {
  const { codeOf, asked } = amazon();
  const stranger = signed({ ...NOTIFICATION, TopicArn: 'arn:aws:sns:eu-west-1:999999999999:orders' });
  expect(await codeOf(stranger)).toBe('signature_mismatch');
  expect(await codeOf(signed(NOTIFICATION), { ...source, secrets: [''] })).toBe('secret_missing');
  expect(asked).toEqual([]);
});

it.each([
  'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
  'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem',
  'https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
  'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
  'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem',
  'https://my-bucket.s3.amazonaws.com/SimpleNotificationService-1.pem',
  'https://sns.amazonaws.com/SimpleNotificationService-1.pem',
  'https://sns.eu-west-1.amazonaws.com/other.pem',
  'https://sns.eu-west-1.amazonaws.com/?x=/SimpleNotificationService-1.pem\n',
  'https://sns.eu-west-1.amazonaws.com/?Action=GetTopicAttributes&x=/SimpleNotificationService-1.pem',
  'https://sns.eu-west-1.amazonaws.com/a/SimpleNotificationService-1.pem',
  'https://sns.eu-west-1.amazonaws.com//SimpleNotificationService-1.pem',
  // A list of one is the same text when it is made one.
  ['https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem'] as unknown as string,
  'https://sns.eu-west-1.amazonaws.com\\@evil.example/SimpleNotificationService-1.pem',
  'file:///etc/passwd',
  '',
])('a certificate at %j is never fetched', async (SigningCertURL) => {
  const { codeOf, asked } = amazon();
  expect(await codeOf(signed({ ...NOTIFICATION, SigningCertURL }))).toBe('signature_mismatch');
  expect(asked).toEqual([]);
});

it('a certificate is fetched once', async () => {
  const { codeOf, asked } = amazon();
  for (let n = 0; n < 3; n++) expect(await codeOf(signed(NOTIFICATION))).toBe('verified');
  expect(asked).toEqual([CERTIFICATE]);
});

it.each([
  [{ failure: 'connection refused' }, /connection refused/],
  [{ status: 404, body: 'no' }, /answered 404/],
  [{ status: 200, body: 'no certificate' }, /is no certificate/],
])('while it can not be had (%j), the producer is told to come again', async (answer, message) => {
  const { codeOf, asked } = amazon(answer);
  const refused = { code: 'vendor_unavailable', retryAfter: 30, message: expect.stringMatching(message) };
  await expect(codeOf(signed(NOTIFICATION))).rejects.toMatchObject(refused);
  if (!('status' in answer) || answer.status !== 200) {
    await expect(codeOf(signed(NOTIFICATION))).rejects.toMatchObject(refused);
    expect(asked).toHaveLength(2);
  }
});

it('without the network nothing is verified', () => {
  expect(verify(source, signed(NOTIFICATION), Date.now())).toMatchObject({ verified: false });
});
