import { createHash, createHmac, type KeyObject, verify } from 'node:crypto';
import type { JwtAlgorithm, VerificationOptions } from '../../model/configuration.ts';
import { sameBytes } from './compare.ts';
import { textsAt } from './place.ts';
import { readPublicKey } from './public-key.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { credentialsAtPlace, placeOf, wordsFor } from './signature.ts';

type Claims = Record<string, unknown>;

const TOLERANCE_S = 5 * 60;

/**
 * A JSON Web Token (RFC 7519) in a header, with or without `Bearer `. The algorithm is the source's, never the token's:
 * HS256 by the secret, the others by the public key that the secret is.
 */
export const jwt: Scheme = {
  secret: true,
  verify(source, request, now) {
    const options = source.verification_options ?? {};
    const where = wordsFor(placeOf(source, 'authorization'));
    const given = (textsAt(placeOf(source, 'authorization'), request)[0] ?? '').replace(/^Bearer +/i, '');
    const [head, payload, signature, ...more] = given.split('.');
    const claims = payload && readJson(payload);
    if (!head || !signature || !claims || more.length > 0) {
      return refused('signature_missing', `There is no JSON Web Token in the ${where}.`);
    }
    const header = readJson(head);
    // RFC 7515, 4.1.11: it names extensions that a reader must know, and there are none that this one knows.
    if (header?.crit !== undefined) {
      return refused(
        'signature_mismatch',
        `The token in the ${where} needs an extension (crit) that is not known here.`,
      );
    }
    const algorithm = (options.algorithm ?? 'HS256') as JwtAlgorithm;
    const content = Buffer.from(`${head}.${payload}`);
    const bytes = Buffer.from(signature, 'base64url');
    const isAlgorithm = header?.alg === algorithm;
    if (!isAlgorithm || !source.secrets.some((secret) => FITS[algorithm](secret, bytes, content))) {
      return refused(
        'signature_mismatch',
        `The signature of the token in the ${where} does not fit, or is not ${algorithm}. The source's secret must be ${algorithm === 'HS256' ? "the producer's secret" : "the producer's public key in PEM"}.`,
      );
    }
    return checkClaims(claims, options, request.rawBody, now) ?? VERIFIED;
  },
  ...credentialsAtPlace('authorization'),
};

const FITS: Record<JwtAlgorithm, (secret: string, signature: Buffer, content: Buffer) => boolean> = {
  HS256: (secret, signature, content) => sameBytes(createHmac('sha256', secret).update(content).digest(), signature),
  RS256: byPublicKey('rsa', (key, signature, content) => verify('sha256', content, key, signature)),
  ES256: byPublicKey('ec', (key, signature, content) =>
    verify('sha256', content, { key, dsaEncoding: 'ieee-p1363' }, signature),
  ),
  EdDSA: byPublicKey('ed25519', (key, signature, content) => verify(null, content, key, signature)),
};

function byPublicKey(type: string, fits: (key: KeyObject, signature: Buffer, content: Buffer) => boolean) {
  return (secret: string, signature: Buffer, content: Buffer): boolean => {
    const key = readPublicKey(secret);
    return key?.asymmetricKeyType === type && fits(key, signature, content);
  };
}

function checkClaims(claims: Claims, { issuer, audience, body_hash }: VerificationOptions, body: Buffer, now: number) {
  const seconds = now / 1000;
  const { exp, nbf, iss, aud } = claims;
  // A time that can't be read must not become a token for ever.
  if (![exp, nbf].every((time) => time === undefined || typeof time === 'number')) {
    return refused('timestamp_invalid', 'The times of the token (exp, nbf) must be numbers: seconds since 1970.');
  }
  if (typeof exp === 'number' && exp + TOLERANCE_S < seconds) {
    return refused('timestamp_out_of_tolerance', 'The token has run out (exp). Check both clocks.');
  }
  if (typeof nbf === 'number' && nbf - TOLERANCE_S > seconds) {
    return refused('timestamp_out_of_tolerance', 'The token is not valid yet (nbf). Check both clocks.');
  }
  if (issuer && iss !== issuer) return refused('signature_mismatch', 'The token is by another issuer (iss).');
  if (audience && ![aud].flat().includes(audience)) {
    return refused('signature_mismatch', 'The token is for another audience (aud).');
  }
  if (body_hash && claims[body_hash] !== createHash('sha256').update(body).digest('hex')) {
    return refused('signature_mismatch', `The token is for another body: its claim ${body_hash} does not fit.`);
  }
  return undefined;
}

function readJson(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
