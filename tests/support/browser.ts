import { executablePath } from './chromium.ts';
import { SKIPS_NOTHING } from './environment.ts';

export { launchBrowser } from './chromium.ts';

/** Skips, loudly, where there is no Chromium; under `.ci/run` that is a failure. */
export const describeBrowser = describeOrSkip();

function describeOrSkip(): typeof describe | typeof describe.skip {
  if (executablePath !== undefined || SKIPS_NOTHING) return describe;
  console.warn('SKIPPED: the tests in a browser. Install Chromium, or run .ci/chromium.sh.');
  return describe.skip;
}
