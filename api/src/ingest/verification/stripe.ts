import { hmacMatches } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { checkTimestamp } from './timestamp.ts';

const HEADER = 'stripe-signature';

/** https://docs.stripe.com/webhooks#verify-manually: the whole secret, `whsec_` included, is the key. */
export const stripe: Scheme = {
  secret: true,
  verify(source, request, now) {
    const fields = (request.headers[HEADER] ?? '').split(',').map((field) => field.trim());
    const [timestamp] = valuesOf(fields, 't');
    const signatures = valuesOf(fields, 'v1');
    if (timestamp === undefined || signatures.length === 0) {
      return refused(
        'signature_missing',
        `There is no ${HEADER} header with t and v1. Requests must come from an endpoint in Stripe's Workbench, its signing secret set as the source's secret.`,
      );
    }
    const late = checkTimestamp(`t in ${HEADER}`, timestamp, now);
    if (late) return late;
    const signed = [`${timestamp}.`, request.rawBody];
    if (signatures.some((signature) => hmacMatches(source.secrets, signature, signed, 'sha256', 'hex')))
      return VERIFIED;
    return refused(
      'signature_mismatch',
      `No v1 signature in ${HEADER} fits the body. The source's secret must be the signing secret (whsec_…) of this endpoint in Stripe; each endpoint has its own.`,
    );
  },
  credentialHeaders: () => [HEADER],
};

/** The values of one name in a header like `t=1,v1=a,v1=b`. */
function valuesOf(fields: string[], name: string): string[] {
  return fields.filter((field) => field.startsWith(`${name}=`)).map((field) => field.slice(name.length + 1));
}
