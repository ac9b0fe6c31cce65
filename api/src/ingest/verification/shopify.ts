import { hmacMatches } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';

const HEADER = 'x-shopify-hmac-sha256';

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook-to-ensure-its-coming-from-shopify */
export const shopify: Scheme = {
  secret: true,
  verify(source, request) {
    const given = request.headers[HEADER];
    if (!given) {
      return refused(
        'signature_missing',
        `There is no ${HEADER} header. Requests must be Shopify's webhooks, the app's client secret set as the source's secret.`,
      );
    }
    if (hmacMatches(source.secrets, given, [request.rawBody], 'sha256', 'base64')) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in ${HEADER} does not fit the body. The source's secret must be the app's client secret, or what Settings → Notifications → Webhooks shows for webhooks made there.`,
    );
  },
  credentialHeaders: () => [HEADER],
};
