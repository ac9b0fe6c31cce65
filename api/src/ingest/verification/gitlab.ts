import { isSecret } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';

const HEADER = 'x-gitlab-token';

/** https://docs.gitlab.com/user/project/integrations/webhooks/#validate-requests-by-using-a-secret-token */
export const gitlab: Scheme = {
  secret: true,
  verify(source, request) {
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
  credentialHeaders: () => [HEADER],
};
