import { createHash } from 'node:crypto';
import { hmacMatches, sameBytes } from './compare.ts';
import { refused, type Scheme, type SignedRequest, VERIFIED, type VerifiedSource } from './scheme.ts';
import { signedUrl, sortedFields } from './signed-text.ts';

const HEADER = 'x-twilio-signature';
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** https://www.twilio.com/docs/usage/security#validating-requests; the secret is the account's auth token. */
export const twilio: Scheme = {
  secret: true,
  verify(source, request) {
    const given = request.headers[HEADER];
    if (!given) {
      return refused(
        'signature_missing',
        `There is no ${HEADER} header. Requests must come from Twilio, the account's auth token set as the source's secret.`,
      );
    }
    const fields = signedFields(request);
    if (fields === undefined) {
      return refused(
        'signature_mismatch',
        'The body is neither a form (of a number of fields that can be read) nor the one whose SHA-256 is bodySHA256 in the URL, so that no signature covers it.',
      );
    }
    const matches = urlsOf(source, request).some((url) =>
      hmacMatches(source.secrets, given, [url, fields], 'sha1', 'base64'),
    );
    if (matches) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in ${HEADER} fits neither URL and body. The source's secret must be the account's auth token, and verification_options.url the URL as Twilio has it (or TRUST_PROXY must tell of your proxy).`,
    );
  },
  credentialHeaders: () => [HEADER],
};

/** The part after the URL in the signed text: the form's fields, sorted; empty if the URL contains a hash of the body. */
function signedFields(request: SignedRequest): string | undefined {
  const { rawBody, headers, url } = request;
  const bodyHash = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('bodySHA256');
  if (bodyHash !== null) {
    const digest = createHash('sha256').update(rawBody).digest();
    return sameBytes(Buffer.from(bodyHash, 'hex'), digest) ? '' : undefined;
  }
  if (rawBody.length === 0) return '';
  return FORM_TYPE.test(headers['content-type'] ?? '') ? sortedFields(rawBody) : undefined;
}

/** Twilio may sign the URL with or without its port, so both are tried. */
function urlsOf(source: VerifiedSource, request: SignedRequest): string[] {
  const asked = signedUrl(source, request);
  const parts = /^(https?):\/\/([^/?#:]+|\[[^\]]*\])(:\d+)?(.*)$/is.exec(asked);
  if (!parts) return [asked];
  const [, scheme = '', host = '', port, rest = ''] = parts;
  const standardPort = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}${port ?? standardPort}${rest}`];
}
