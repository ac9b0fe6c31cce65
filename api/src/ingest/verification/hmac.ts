import type { VerificationOptions } from '../../model/configuration.ts';
import { hmacMatches } from './compare.ts';
import { GENERIC_DEFAULTS } from './defaults.ts';
import { refused, type Scheme, VERIFIED } from './scheme.ts';

/** Defaults of the `hmac` scheme's options: GitHub's algorithm and the most common header name. */
const DEFAULT_OPTIONS = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
} as const satisfies Required<Omit<VerificationOptions, 'url'>>;

/** An HMAC over the raw body in a header of the producer's choice. */
export const hmac: Scheme = {
  secret: true,
  verify(source, request) {
    const options = { ...DEFAULT_OPTIONS, ...source.verification_options };
    const name = options.header.toLowerCase();
    const given = request.headers[name];
    if (!given) {
      return refused(
        'signature_missing',
        `There is no ${name} header. The producer must put the ${options.encoding} HMAC-${options.algorithm.toUpperCase()} of the body there.`,
      );
    }
    if (!given.startsWith(options.prefix)) {
      return refused('signature_mismatch', `The ${name} header must begin with "${options.prefix}".`);
    }
    const signature = given.slice(options.prefix.length);
    if (hmacMatches(source.secrets, signature, [request.rawBody], options.algorithm, options.encoding)) return VERIFIED;
    return refused(
      'signature_mismatch',
      `The signature in ${name} does not fit the body. The producer and the source must have the same secret, and the body must not be changed on its way.`,
    );
  },
  defaults: GENERIC_DEFAULTS,
  credentialHeaders: (source) => [(source.verification_options?.header ?? DEFAULT_OPTIONS.header).toLowerCase()],
};
