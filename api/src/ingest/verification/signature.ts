import { parseDuration } from '../../model/duration.ts';
import { nameOfPlace, textsAt } from './place.ts';
import { type Refusal, refused, type Scheme, type SignedRequest, type VerifiedSource } from './scheme.ts';
import { type SignedParts, signedParts } from './signed-text.ts';
import { checkAnyTimestamp } from './timestamp.ts';

/** The signatures that came with a request, any of which may fit, and what they must fit. */
export interface ReadSignatures {
  signatures: string[];
  parts: SignedParts;
}

const DEFAULT_HEADER = 'x-signature';
const SEPARATORS = /[\s,;]+/;
/** Producers send two or three while they rotate a secret. */
const SIGNATURES_AT_MOST = 10;

/** Reads what the options of `hmac` and `public-key` describe, and checks the time if there is one. */
export function readSignatures(
  source: VerifiedSource,
  request: SignedRequest,
  now: number,
  what: string,
): ReadSignatures | Refusal {
  const options = source.verification_options ?? {};
  const place = placeOf(source);
  const where = wordsFor(place);
  const [given = ''] = textsAt(place, request);
  if (given === '') {
    return refused('signature_missing', `There is no ${where}. The producer must put the ${what} there.`);
  }
  const prefix = options.prefix ?? '';
  const signatures = options.field ? fieldsOf(given, options.field) : listOf(given, prefix);
  if (signatures.length === 0) {
    const lack = options.field ? `holds no ${options.field}=…` : `must begin with "${prefix}"`;
    return refused('signature_mismatch', `The ${where} ${lack}.`);
  }
  const timestamp = options.timestamp ? timeAt(options.timestamp, given, request) : '';
  if (options.timestamp) {
    const tolerance = parseDuration(options.tolerance || '5m');
    const wrong = checkAnyTimestamp(wordsFor(options.timestamp, where), timestamp, now, tolerance);
    if (wrong) return wrong;
  }
  return { signatures: signatures.slice(0, SIGNATURES_AT_MOST), parts: signedParts(request, timestamp, source) };
}

export function placeOf({ verification_options: options }: VerifiedSource, otherwise = DEFAULT_HEADER): string {
  return options?.place || `headers.${(options?.header || otherwise).toLowerCase()}`;
}

/** For schemes whose credential is where the source says. */
export function credentialsAtPlace(otherwise?: string): Pick<Scheme, 'credentialHeaders' | 'credentialParameters'> {
  const namesOf = (part: 'headers' | 'query') => (source: VerifiedSource) => {
    const places = [placeOf(source, otherwise), source.verification_options?.secret_from ?? ''];
    return places.map((place) => nameOfPlace(place, part)).filter((name) => name !== undefined);
  };
  return { credentialHeaders: namesOf('headers'), credentialParameters: namesOf('query') };
}

/** `v1=a,v1=b` with the prefix `v1=` → a, b. A prefix with a separator in it (`HMAC `) stands before a single one. */
function listOf(given: string, prefix: string): string[] {
  if (given.startsWith(prefix) && SEPARATORS.test(prefix)) return [given.slice(prefix.length)];
  return given
    .split(SEPARATORS)
    .filter((one) => one !== '' && one.startsWith(prefix))
    .map((one) => one.slice(prefix.length));
}

/** The values of a name in a header like `t=1,v1=a` or `ts=1;h1=a`. */
function fieldsOf(given: string, name: string): string[] {
  return listOf(given, `${name}=`);
}

function timeAt(place: string, given: string, request: SignedRequest): string {
  if (place.startsWith('field.')) return fieldsOf(given, place.slice('field.'.length))[0] ?? '';
  return textsAt(place, request)[0] ?? '';
}

/** `x-signature header`, `query parameter token`, `field signature of the body`. */
export function wordsFor(place: string, header = ''): string {
  const [name, parameter] = [nameOfPlace(place, 'headers'), nameOfPlace(place, 'query')];
  if (name !== undefined) return `${name} header`;
  if (parameter !== undefined) return `query parameter ${parameter}`;
  if (place.startsWith('body.')) return `field ${place.slice('body.'.length)} of the body`;
  return place.startsWith('field.') ? `${place.slice('field.'.length)} in the ${header}` : place;
}
