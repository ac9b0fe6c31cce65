import { ed25519Matches } from './compare.ts';
import { firstOf } from './defaults.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { checkTimestamp } from './timestamp.ts';

const SIGNATURE = 'x-signature-ed25519';
const TIMESTAMP = 'x-signature-timestamp';

/** The `type` of the pings by which Discord checks an endpoint: for interactions and for webhook events. */
const INTERACTION_PING = 1;
const EVENT_PING = 0;

/** https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint; the secret is the application's public key. */
export const discord: Scheme = {
  secret: true,
  verify(source, request, now) {
    const { [SIGNATURE]: given, [TIMESTAMP]: timestamp } = request.headers;
    if (!given || !timestamp) {
      return refused(
        'signature_missing',
        `There is no ${given ? TIMESTAMP : SIGNATURE} header. Requests must come from a Discord application whose Public Key is the source's secret.`,
      );
    }
    const late = checkTimestamp(TIMESTAMP, timestamp, now);
    if (late) return late;
    const signed = Buffer.concat([Buffer.from(timestamp), request.rawBody]);
    const signature = Buffer.from(given, 'hex');
    if (source.secrets.some((key) => ed25519Matches(Buffer.from(key, 'hex'), signature, signed))) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in ${SIGNATURE} does not fit the body. The source's secret must be the Public Key under General Information of the Discord application.`,
    );
  },
  /**
   * An interaction's PING (https://docs.discord.com/developers/interactions/overview) and a webhook event's
   * (https://docs.discord.com/developers/events/webhook-events). Real webhook events have type 1 too, and an `event`.
   */
  handshake(body) {
    const { type, event } = (body ?? {}) as { type?: unknown; event?: unknown };
    if (event !== undefined) return undefined;
    if (type === INTERACTION_PING) return { status: 200, body: { type: INTERACTION_PING } };
    return type === EVENT_PING ? { status: 204, body: {} } : undefined;
  },
  defaults: {
    event_type: firstOf('body.event.type', 'body.data.name', 'body.data.custom_id'),
    dedupe_key: 'body.id',
    extract: {
      title: firstOf('body.data.name', 'body.data.custom_id', 'body.event.type'),
      sender: firstOf('body.member.user.username', 'body.user.username', 'body.event.data.user.username'),
      channel: firstOf('body.channel_id'),
      guild: firstOf('body.guild_id', 'body.event.data.guild.id'),
    },
  },
  credentialHeaders: () => [SIGNATURE],
};
