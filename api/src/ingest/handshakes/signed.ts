import { createHmac } from 'node:crypto';
import { isSnsUrl } from '../verification/aws-sns.ts';
import { challengeOf, type Handshake, memberOf } from './handshake.ts';

/** Handshakes that vendors sign like their events. */

export const slack: Handshake = {
  docs: 'https://docs.slack.dev/reference/events/url_verification',
  methods: ['POST'],
  verified: true,
  answer({ body }) {
    const challenge = challengeOf(memberOf(body, 'challenge'));
    const isAsked = challenge !== undefined && memberOf(body, 'type') === 'url_verification';
    return isAsked ? { status: 200, body: { challenge } } : undefined;
  },
};

/** The `type` of the pings by which Discord checks an endpoint: for interactions and for webhook events. */
const INTERACTION_PING = 1;
const EVENT_PING = 0;

/**
 * An interaction's PING and a webhook event's (https://docs.discord.com/developers/events/webhook-events). Real webhook events
 * have type 1 too, and an `event`.
 */
export const discord: Handshake = {
  docs: 'https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-acknowledging-ping-requests',
  methods: ['POST'],
  verified: true,
  answer({ body }) {
    if (memberOf(body, 'event') !== undefined) return undefined;
    const type = memberOf(body, 'type');
    if (type === INTERACTION_PING) return { status: 200, body: { type: INTERACTION_PING } };
    return type === EVENT_PING ? { status: 204 } : undefined;
  },
};

export const zoom: Handshake = {
  docs: 'https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint',
  methods: ['POST'],
  verified: true,
  answer({ body }, { secrets: [secret] }) {
    const plainToken = challengeOf(memberOf(memberOf(body, 'payload'), 'plainToken'));
    if (!secret || plainToken === undefined || memberOf(body, 'event') !== 'endpoint.url_validation') return undefined;
    const encryptedToken = createHmac('sha256', secret).update(plainToken).digest('hex');
    return { status: 200, body: { plainToken, encryptedToken } };
  },
};

export const twitch: Handshake = {
  docs: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#responding-to-a-challenge-request',
  methods: ['POST'],
  verified: true,
  answer({ headers, body }) {
    const challenge = challengeOf(memberOf(body, 'challenge'));
    const isAsked = headers['twitch-eventsub-message-type'] === 'webhook_callback_verification';
    return isAsked && challenge !== undefined ? { status: 200, body: challenge } : undefined;
  },
};

export const eventGrid: Handshake = {
  docs: 'https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema',
  methods: ['POST'],
  verified: true,
  answer({ headers, body }) {
    if (headers['aeg-event-type'] !== 'SubscriptionValidation' || !Array.isArray(body)) return undefined;
    const validationResponse = challengeOf(memberOf(memberOf(body[0], 'data'), 'validationCode'));
    return validationResponse === undefined ? undefined : { status: 200, body: { validationResponse } };
  },
};

/** Xero's intent to receive, and LINE's "Verify": an event list without events. */
export const emptyEvents: Handshake = {
  docs: 'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/#intent-to-receive',
  methods: ['POST'],
  verified: true,
  answer({ body }) {
    const events = memberOf(body, 'events');
    return Array.isArray(events) && events.length === 0 ? { status: 200 } : undefined;
  },
};

/** Confirmed by asking Amazon for the URL in the message, which was signed, and only if it is one of Amazon SNS. */
export const snsSubscription: Handshake = {
  docs: 'https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html',
  methods: ['POST'],
  verified: true,
  answer({ body }) {
    const url = memberOf(body, 'SubscribeURL');
    const isAsked = memberOf(body, 'Type') === 'SubscriptionConfirmation' && typeof url === 'string' && isSnsUrl(url);
    return isAsked ? { status: 200, confirm: url } : undefined;
  },
};
