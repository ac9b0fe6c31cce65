/** What tests may know of their environment (clean-environment.mjs); nothing else reads it. */
export const PATH = process.env.PATH ?? '';

/** Set by .ci/run: what is missing on this machine is a failure, and no reason to skip tests. */
export const SKIPS_NOTHING = process.env.POCKETHOOK_TEST_ALL === 'true';
