import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { PublicKeyAlgorithm } from '../../model/configuration.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';
import { credentialsAtPlace, placeOf, readSignatures, wordsFor } from './signature.ts';

/** A signature by the producer's private key over the body, or over what `signed` says; the secret is the public key. */
export const publicKey: Scheme = {
  secret: true,
  verify(source, request, now) {
    const options = source.verification_options ?? {};
    const algorithm = (options.algorithm ?? 'ed25519') as PublicKeyAlgorithm;
    const read = readSignatures(source, request, now, `${algorithm} signature of ${options.signed || 'the body'}`);
    if ('verified' in read) return read;
    const content = Buffer.concat(read.parts.map((part) => Buffer.from(part as Buffer)));
    const signatures = read.signatures.map((signature) => Buffer.from(signature, options.encoding ?? 'base64'));
    const keys = source.secrets.map(readPublicKey).filter((key) => key?.asymmetricKeyType === KEY_TYPES[algorithm]);
    const fits = keys.some((key) => signatures.some((signature) => isSignedBy(key as KeyObject, signature, content)));
    if (fits) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in the ${wordsFor(placeOf(source))} does not fit ${options.signed || 'the body'}. The source's secret must be the producer's public key (${algorithm}), and the body must not be changed on its way.`,
    );
  },
  ...credentialsAtPlace(),
};

const KEY_TYPES = { ed25519: 'ed25519', 'ecdsa-sha256': 'ec', 'rsa-sha256': 'rsa' } as const;

function isSignedBy(key: KeyObject, signature: Buffer, content: Buffer): boolean {
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', content, key, signature);
}

const RAW_ED25519_BYTES = 32;

/** A public key as vendors show it: PEM, base64 of DER, or the 32 bytes of an ed25519 key as hex or base64. */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    if (text.includes('-----BEGIN PUBLIC KEY-----')) return createPublicKey(text);
    const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
    if (bytes.length !== RAW_ED25519_BYTES) return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
