import type { Source } from '../../model/configuration.ts';
import { defaultsOf, type HandshakeName } from '../../presets/index.ts';
import type { Handshake, HandshakeAnswer, HandshakeRequest } from './handshake.ts';
import * as questions from './questions.ts';
import { secret } from './secret.ts';
import * as signed from './signed.ts';

export type { BroughtSecret, HandshakeAnswer } from './handshake.ts';

/** All handshakes. Which one a source has is said by its preset. */
export const HANDSHAKES: Record<HandshakeName, Handshake> = {
  'hub-challenge': questions.hubChallenge,
  'hub-challenge-json': questions.hubChallengeJson,
  'query-challenge': questions.queryChallenge,
  crc: questions.crc,
  okta: questions.okta,
  probe: questions.probe,
  cloudevents: questions.cloudevents,
  'validation-token': questions.validationToken,
  'validation-header': questions.validationHeader,
  'body-challenge': questions.bodyChallenge,
  'woocommerce-ping': questions.woocommercePing,
  smartsheet: questions.smartsheet,
  slack: signed.slack,
  discord: signed.discord,
  zoom: signed.zoom,
  twitch: signed.twitch,
  'event-grid': signed.eventGrid,
  'empty-events': signed.emptyEvents,
  'sns-subscription': signed.snsSubscription,
  secret,
};

type ItsSource = Pick<Source, 'preset' | 'verification' | 'verification_options' | 'secrets'>;

/** The source's handshake, if it is of this kind; undefined: it has none, as most sources. */
export function handshakeOf(source: ItsSource, { verified }: Pick<Handshake, 'verified'>): Handshake | undefined {
  const handshake = source.verification_options?.secret_from ? 'secret' : defaultsOf(source).handshake;
  const found = handshake && HANDSHAKES[handshake];
  return found?.verified === verified ? found : undefined;
}

/** The answer to a request that is the source's handshake, or undefined. `body` is read only if there may be one. */
export function answerHandshake(
  source: ItsSource,
  kind: Pick<Handshake, 'verified'>,
  request: Omit<HandshakeRequest, 'body'>,
  body: () => unknown,
): HandshakeAnswer | undefined {
  const handshake = handshakeOf(source, kind);
  if (!handshake?.methods.some((method) => method === request.method)) return undefined;
  const { method, url, headers } = request;
  return handshake.answer({ method, url, headers, body: body() }, source);
}
