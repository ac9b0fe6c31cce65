import { isSecret } from './compare.ts';
import { textsAt } from './place.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { credentialsAtPlace, placeOf, wordsFor } from './signature.ts';

/** The secret itself, in any header, bare in Authorization, in the query or in the body. */
export const token: Scheme = {
  secret: true,
  verify(source, request) {
    const place = placeOf(source, 'authorization');
    const prefix = source.verification_options?.prefix ?? '';
    const given = textsAt(place, request);
    if (given.length === 0 || given.every((text) => text === '')) {
      return refused(
        'signature_missing',
        `There is no token in the ${wordsFor(place)}. The producer must send the source's secret there.`,
      );
    }
    // Of several, as in a batch of notifications, each must be right: one stranger among them spoils the request.
    const fits = given.every((text) => text.startsWith(prefix) && isSecret(source.secrets, text.slice(prefix.length)));
    if (fits) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The token in the ${wordsFor(place)} is another. It must be ${prefix === '' ? '' : `"${prefix}" and `}the source's secret.`,
    );
  },
  ...credentialsAtPlace('authorization'),
};
