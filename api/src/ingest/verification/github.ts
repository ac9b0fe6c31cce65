import { hmacMatches } from './compare.ts';
import { firstOf } from './defaults.ts';
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
  defaults: {
    event_type:
      'headers[?"x-github-event"].orValue("") + (has(body.action) && type(body.action) == string ? "." + body.action : "")',
    dedupe_key: 'headers[?"x-github-delivery"].orValue("")',
    extract: {
      sender: 'body.sender.login',
      repository: 'body.repository.full_name',
      title: firstOf(
        'body.issue.title',
        'body.pull_request.title',
        'body.release.tag_name',
        'body.head_commit.message',
      ),
      url: firstOf(
        'body.comment.html_url',
        'body.issue.html_url',
        'body.pull_request.html_url',
        'body.release.html_url',
        'body.compare',
      ),
    },
  },
  credentialHeaders: () => [HEADER, 'x-hub-signature'],
};
