import { hmacMatches } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { checkTimestamp } from './timestamp.ts';

const SIGNATURE = 'x-slack-signature';
const TIMESTAMP = 'x-slack-request-timestamp';
const PREFIX = 'v0=';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const slack: Scheme = {
  secret: true,
  verify(source, request, now) {
    const { [SIGNATURE]: given, [TIMESTAMP]: timestamp } = request.headers;
    if (!given || !timestamp) {
      return refused(
        'signature_missing',
        `There is no ${given ? TIMESTAMP : SIGNATURE} header. Requests must come from a Slack app whose Signing Secret is the source's secret.`,
      );
    }
    const late = checkTimestamp(TIMESTAMP, timestamp, now);
    if (late) return late;
    const signed = [`v0:${timestamp}:`, request.rawBody];
    if (given.startsWith(PREFIX) && hmacMatches(source.secrets, given.slice(PREFIX.length), signed, 'sha256', 'hex')) {
      return VERIFIED;
    }
    return refused(
      'signature_mismatch',
      `The signature in ${SIGNATURE} does not fit the body. The source's secret must be the Signing Secret under Basic Information of the Slack app.`,
    );
  },
  credentialHeaders: () => [SIGNATURE],
};
