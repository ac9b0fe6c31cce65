import { ed25519Matches } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { checkTimestamp } from './timestamp.ts';

const SIGNATURE = 'x-signature-ed25519';
const TIMESTAMP = 'x-signature-timestamp';

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
  credentialHeaders: () => [SIGNATURE],
};
