import { isSecret } from '../verification/compare.ts';
import { nameOfPlace, textsIn } from '../verification/place.ts';
import { placeOf } from '../verification/signature.ts';
import { type Handshake, type HandshakeRequest, parameterOf } from './handshake.ts';

/** What any vendor's secret looks like. It goes back in a header, and nobody pastes white space along. */
const SECRET = /^[\x21-\x7e]{8,2000}$/;

/**
 * Asana, Notion, and whoever else sends in its first request the secret with which it signs all others. Nothing proves that
 * request, so it counts only while the source has no secret (keep-secret.ts).
 */
export const secret: Handshake = {
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  methods: ['POST'],
  verified: false,
  answer(request, source) {
    const { verification, verification_options, secrets } = source;
    const place = verification_options?.secret_from;
    if (verification !== 'hmac' || !place) return undefined;
    const text = textAt(place, request);
    if (!SECRET.test(text)) return undefined;
    const isEvent = secrets.length > 0 && !isSecret(secrets, text) && textAt(placeOf(source), request) !== '';
    if (isEvent) return undefined;
    const header = headerOf(place);
    return {
      status: 200,
      ...(header !== undefined && { headers: { [header]: text } }),
      secret: { text, echoed: header !== undefined },
    };
  },
};

function textAt(place: string, request: HandshakeRequest): string {
  const { headers, body } = request;
  const [header, parameter] = [nameOfPlace(place, 'headers'), nameOfPlace(place, 'query')];
  if (header !== undefined) return headers[header] ?? '';
  if (parameter !== undefined) return parameterOf(request, parameter) ?? '';
  return place.startsWith('body.') ? (textsIn(body, place.slice('body.'.length))[0] ?? '') : '';
}

/** As the source's owner spells it. */
function headerOf(place: string): string | undefined {
  return place.startsWith('headers.') ? place.slice('headers.'.length) : undefined;
}
