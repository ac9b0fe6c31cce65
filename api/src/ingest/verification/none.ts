import { type Scheme, VERIFIED } from './scheme.ts';

/** No verification: anybody may send events. */
export const none: Scheme = {
  secret: false,
  verify: () => VERIFIED,
  credentialHeaders: () => [],
};
