import { GENERIC_DEFAULTS } from './defaults.ts';
import { type Scheme, VERIFIED } from './scheme.ts';

/** Anybody may post. */
export const none: Scheme = {
  secret: false,
  verify: () => VERIFIED,
  defaults: GENERIC_DEFAULTS,
  credentialHeaders: () => [],
};
