import { isSecret } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { standardWebhooks } from './standard-webhooks.ts';

const HEADER = 'x-gitlab-token';
const SIGNATURE = 'webhook-signature';

/**
 * A Secret token as it is, or a signature by Standard Webhooks with a Signing token (`whsec_…`):
 * https://docs.gitlab.com/user/project/integrations/webhooks/
 */
export const gitlab: Scheme = {
  secret: true,
  verify(source, request, now) {
    const signingTokens = source.secrets.filter((secret) => secret.startsWith('whsec_'));
    const isSigned = request.headers[SIGNATURE] !== undefined || signingTokens.length === source.secrets.length;
    if (signingTokens.length > 0 && isSigned) {
      return standardWebhooks.verify({ ...source, secrets: signingTokens }, request, now);
    }
    const given = request.headers[HEADER];
    if (!given) {
      return refused(
        'signature_missing',
        `There is no ${HEADER} header. Set the source's secret as the Secret token in the webhook's settings on GitLab.`,
      );
    }
    if (isSecret(source.secrets, given)) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The token in ${HEADER} is another. The Secret token in the webhook's settings on GitLab must be the source's secret.`,
    );
  },
  credentialHeaders: () => [HEADER, SIGNATURE],
};
