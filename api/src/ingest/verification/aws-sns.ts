import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { vendorUnavailable } from '../../model/problems.ts';
import { parseBody } from '../body.ts';
import { type Get, refused, type Scheme, type SignedRequest, VERIFIED, type VerifiedSource } from './scheme.ts';

/** Where Amazon publishes its certificates and confirms subscriptions: no other host is ever asked. */
const SNS_URL = /^https:\/\/sns\.[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?\//;
/** The path and nothing else: by a query the same hosts answer what others have stored there, a certificate of their own perhaps. */
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

const ALGORITHMS: Record<string, string> = { '1': 'sha1', '2': 'sha256' };
/** The fields that are signed, in order; those that a message lacks are left out. */
const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const SIGNED_FIELDS: Record<string, string[]> = {
  Notification: NOTIFICATION,
  SubscriptionConfirmation: CONFIRMATION,
  UnsubscribeConfirmation: CONFIRMATION,
};

type Message = Record<string, unknown>;

/**
 * Messages of Amazon SNS, signed with a certificate that Amazon publishes
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html). Amazon signs for
 * every topic of everybody, so the source's secrets are the ARNs of the topics that it takes.
 */
export const awsSns: Scheme = {
  secret: true,
  verify: () => refused('signature_mismatch', 'The signature was not checked: it needs the certificate from Amazon.'),
  async verifyByFetchedKey(source, request, get) {
    const message = readMessage(request);
    const fields = SIGNED_FIELDS[String(message?.Type)];
    if (!message || !fields || typeof message.Signature !== 'string') {
      return refused(
        'signature_missing',
        'The body is no signed message of Amazon SNS. Raw message delivery has no signature: switch it off for this subscription.',
      );
    }
    const refusal = refuseTopic(source, message) ?? refuseUrl(message);
    if (refusal) return refusal;
    const key = await certificateKey(String(message.SigningCertURL), get);
    const content = Buffer.from(fields.flatMap((name) => lineOf(message, name)).join(''));
    const algorithm = ALGORITHMS[String(message.SignatureVersion)];
    if (algorithm && verify(algorithm, content, key, Buffer.from(message.Signature, 'base64'))) return VERIFIED;
    return refused('signature_mismatch', 'The signature of the message does not fit what it says.');
  },
  credentialHeaders: () => [],
};

function readMessage({ rawBody }: SignedRequest): Message | undefined {
  // Amazon declares its JSON as text/plain.
  const parsed = parseBody(rawBody, 'application/json');
  const isMessage = parsed.ok && typeof parsed.value === 'object' && parsed.value !== null;
  return isMessage ? (parsed.value as Message) : undefined;
}

function refuseTopic({ secrets }: VerifiedSource, { TopicArn }: Message) {
  if (typeof TopicArn === 'string' && secrets.includes(TopicArn)) return undefined;
  return refused(
    'signature_mismatch',
    "The message is of another topic. The source's secrets must be the ARNs of the topics that it takes.",
  );
}

function refuseUrl({ SigningCertURL }: Message) {
  const url = typeof SigningCertURL === 'string' ? SigningCertURL : '';
  if (isSnsUrl(url) && CERTIFICATE_PATH.test(url.replace(SNS_URL, '/'))) return undefined;
  return refused('signature_mismatch', 'SigningCertURL leads to no certificate of Amazon SNS.');
}

/** Whether a URL is one of Amazon SNS, with https. */
export function isSnsUrl(url: string): boolean {
  return SNS_URL.test(url) && !/[\s\\@#]/.test(url);
}

function lineOf(message: Message, name: string): string[] {
  const value = message[name];
  return typeof value === 'string' ? [`${name}\n${value}\n`] : [];
}

async function certificateKey(url: string, get: Get): Promise<KeyObject> {
  const got = await get(url);
  if ('failure' in got || got.status !== 200) {
    const reason = 'failure' in got ? got.failure : `it answered ${got.status}`;
    throw vendorUnavailable(reason);
  }
  try {
    return new X509Certificate(got.body).publicKey;
  } catch (cause) {
    throw vendorUnavailable('what it answered is no certificate', cause);
  }
}
