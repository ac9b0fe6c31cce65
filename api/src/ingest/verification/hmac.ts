import { createHmac } from 'node:crypto';
import type { HashAlgorithm, VerificationOptions } from '../../model/configuration.ts';
import { sameBytes } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { credentialsAtPlace, placeOf, readSignatures, wordsFor } from './signature.ts';

/** An HMAC over the body, or over what `signed` says, in a place of the producer's choice. */
export const hmac: Scheme = {
  secret: true,
  verify(source, request, now) {
    const options = source.verification_options ?? {};
    const { encoding = 'hex' } = options;
    const algorithm = (options.algorithm ?? 'sha256') as HashAlgorithm;
    const of = options.signed ? options.signed : 'the body';
    const read = readSignatures(source, request, now, `${encoding} HMAC-${algorithm.toUpperCase()} of ${of}`);
    if ('verified' in read) return read;
    const given = read.signatures.map((signature) => Buffer.from(signature, encoding));
    const fits = source.secrets.some((secret) => {
      const key = keyOf(secret, options.key);
      // With an empty key anybody could sign.
      if (key.length === 0) return false;
      const digest = createHmac(algorithm, key);
      for (const part of read.parts) digest.update(part);
      const expected = digest.digest();
      return given.some((signature) => sameBytes(expected, signature));
    });
    if (fits) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in the ${wordsFor(placeOf(source))} does not fit ${of}. The producer and the source must have the same secret, and the body must not be changed on its way.`,
    );
  },
  ...credentialsAtPlace(),
};

function keyOf(secret: string, form: VerificationOptions['key']): Buffer {
  return Buffer.from(secret, form === 'base64' || form === 'hex' ? form : 'utf8');
}
