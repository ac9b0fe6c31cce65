import { createHmac } from 'node:crypto';
import {
  challengeOf,
  type Handshake,
  type HandshakeAnswer,
  headerChallengeOf,
  memberOf,
  parameterOf,
} from './handshake.ts';

/** Handshakes that vendors don't sign: whoever asks gets back what they sent. */

/** WebSub and Meta. Any verify token will do: events are believed by their signature only. */
export const hubChallenge: Handshake = {
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests',
  methods: ['GET'],
  verified: false,
  answer: (request) => echo(parameterOf(request, 'hub.challenge')),
};

export const hubChallengeJson: Handshake = {
  docs: 'https://developers.strava.com/docs/webhooks/',
  methods: ['GET'],
  verified: false,
  answer(request) {
    const challenge = challengeOf(parameterOf(request, 'hub.challenge'));
    return challenge === undefined ? undefined : { status: 200, body: { 'hub.challenge': challenge } };
  },
};

export const queryChallenge: Handshake = {
  docs: 'https://www.dropbox.com/developers/reference/webhooks#documentation',
  methods: ['GET'],
  verified: false,
  answer: (request) => echo(parameterOf(request, 'challenge')),
};

/**
 * X asks for an HMAC of its token under the secret that also signs events, so only what can be no event is signed: the
 * answer must be of no use as the signature of a JSON body.
 */
export const crc: Handshake = {
  docs: 'https://docs.x.com/x-api/webhooks/quickstart#2-the-crc-check',
  methods: ['GET'],
  verified: false,
  answer(request, { secrets: [secret] }) {
    const token = parameterOf(request, 'crc_token');
    if (!secret || token === undefined || !/^[A-Za-z0-9_=+/-]{1,200}$/.test(token) || isJson(token)) return undefined;
    const digest = createHmac('sha256', secret).update(token).digest('base64');
    return { status: 200, body: { response_token: `sha256=${digest}` } };
  },
};

export const okta: Handshake = {
  docs: 'https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request',
  methods: ['GET'],
  verified: false,
  answer({ headers }) {
    const verification = challengeOf(headers['x-okta-verification-challenge']);
    return verification === undefined ? undefined : { status: 200, body: { verification } };
  },
};

/** Trello, Mandrill and Intercom only look whether somebody is there. */
export const probe: Handshake = {
  docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/#webhook-creation',
  methods: ['HEAD', 'GET'],
  verified: false,
  answer: () => ({ status: 200 }),
};

export const cloudevents: Handshake = {
  docs: 'https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection',
  methods: ['OPTIONS'],
  verified: false,
  answer({ headers }) {
    const origin = headerChallengeOf(headers['webhook-request-origin']);
    if (origin === undefined) return undefined;
    const rate: Record<string, string> = headers['webhook-request-rate'] ? { 'WebHook-Allowed-Rate': '*' } : {};
    return { status: 200, headers: { 'WebHook-Allowed-Origin': origin, ...rate } };
  },
};

export const validationToken: Handshake = {
  docs: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks#notificationurl-validation',
  methods: ['POST'],
  verified: false,
  answer: (request) => echo(parameterOf(request, 'validationToken')),
};

/** RingCentral may put its token into requests with events as well; the question has no body. */
export const validationHeader: Handshake = {
  docs: 'https://developers.ringcentral.com/guide/notifications/webhooks/creating-webhooks',
  methods: ['POST'],
  verified: false,
  answer({ headers }) {
    const token = headerChallengeOf(headers['validation-token']);
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    return token === undefined || hasBody ? undefined : { status: 200, headers: { 'Validation-Token': token } };
  },
};

/** monday, and others whose first request holds a challenge and nothing else. */
export const bodyChallenge: Handshake = {
  docs: 'https://developer.monday.com/api-reference/reference/webhooks#verifying-a-webhook-url',
  methods: ['POST'],
  verified: false,
  answer({ body }) {
    const challenge = challengeOf(memberOf(body, 'challenge'));
    const isAlone = challenge !== undefined && Object.keys(body as object).length === 1;
    return isAlone ? { status: 200, body: { challenge } } : undefined;
  },
};

export const smartsheet: Handshake = {
  docs: 'https://developers.smartsheet.com/api/smartsheet/guides/webhooks/webhook-verification',
  methods: ['POST'],
  verified: false,
  answer({ body }) {
    const challenge = headerChallengeOf(memberOf(body, 'challenge'));
    if (challenge === undefined) return undefined;
    return {
      status: 200,
      headers: { 'Smartsheet-Hook-Response': challenge },
      body: { smartsheetHookResponse: challenge },
    };
  },
};

/** What WooCommerce posts, unsigned, when a webhook is made. It wants a 200 for it. */
export const woocommercePing: Handshake = {
  docs: 'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
  methods: ['POST'],
  verified: false,
  answer({ body }) {
    const isAsked = memberOf(body, 'webhook_id') !== undefined && Object.keys(body as object).length === 1;
    return isAsked ? { status: 200 } : undefined;
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function echo(asked: string | undefined): HandshakeAnswer | undefined {
  const challenge = challengeOf(asked);
  return challenge === undefined ? undefined : { status: 200, body: challenge };
}
