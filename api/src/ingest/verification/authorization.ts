import { isSecret } from './compare.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';

/** RFC 7617: the secret is `user:password`. */
export const basic = authorization('Basic', 'user:password', (credentials) =>
  Buffer.from(credentials, 'base64').toString('utf8'),
);

/** RFC 6750: the secret is the token. */
export const bearer = authorization('Bearer', 'token', (credentials) => credentials);

function authorization(name: string, form: string, decode: (credentials: string) => string): Scheme {
  const begin = new RegExp(`^${name} +`, 'i');
  return {
    secret: true,
    verify(source, request) {
      const given = request.headers.authorization ?? '';
      if (!begin.test(given)) {
        return refused(
          'signature_missing',
          `There is no Authorization header with ${name} credentials. The producer must send the source's secret (${form}) there.`,
        );
      }
      if (isSecret(source.secrets, decode(given.replace(begin, '').trim()))) return VERIFIED;
      return refused(
        'signature_mismatch',
        `The ${name} credentials in the Authorization header are not the source's secret (${form}).`,
      );
    },
    credentialHeaders: () => ['authorization'],
  };
}
