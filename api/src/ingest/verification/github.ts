import { hmacMatches } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';

const HEADER = 'x-hub-signature-256';
const PREFIX = 'sha256=';

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export const github: Scheme = {
  secret: true,
  verify(source, request) {
    const given = request.headers[HEADER];
    if (!given) {
      return refused(
        'signature_missing',
        `There is no ${HEADER} header. Set the source's secret as the Secret in the webhook's settings on GitHub.`,
      );
    }
    if (
      given.startsWith(PREFIX) &&
      hmacMatches(source.secrets, given.slice(PREFIX.length), [request.rawBody], 'sha256', 'hex')
    ) {
      return VERIFIED;
    }
    return refused(
      'signature_mismatch',
      `The signature in ${HEADER} does not fit the body. The Secret in the webhook's settings on GitHub must be the source's secret.`,
    );
  },
  credentialHeaders: () => [HEADER, 'x-hub-signature'],
};
