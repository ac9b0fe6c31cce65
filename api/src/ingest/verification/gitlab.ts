import { isSecret } from './compare.ts';
import { firstOf, firstText, GENERIC_DEFAULTS } from './defaults.ts';
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
  defaults: {
    // GitLab repeats Idempotency-Key with each retry; X-Gitlab-Event-UUID is shared by all webhooks that one event triggers.
    ...GENERIC_DEFAULTS,
    event_type: `${firstText('body.object_kind', 'body.event_name')} + (type(body.?object_attributes.?action.orValue(null)) == string ? "." + body.object_attributes.action : "")`,
    extract: {
      title: firstOf(
        'body.object_attributes.title',
        'body.issue.title',
        'body.merge_request.title',
        'body.commit.message',
        'body.name',
      ),
      sender: firstOf('body.user.username', 'body.user_username'),
      repository: firstOf('body.project.path_with_namespace'),
      url: firstOf('body.object_attributes.url', 'body.commit.url', 'body.url', 'body.project.web_url'),
      status: firstOf('body.object_attributes.status', 'body.object_attributes.state', 'body.build_status'),
    },
  },
  credentialHeaders: () => [HEADER],
};
