import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readConfig } from '../../api/src/config.ts';
import { BinaryMissing, ensureBinary } from '../../api/src/local/binary.ts';

const ROOT = join(__dirname, '../..');

/** Read by pocketbase.ts: the path of the service; unset: there is none on this machine. */
const BINARY_VARIABLE = 'POCKETHOOK_TEST_POCKETBASE';

/**
 * Builds the product and the PocketBase service once for all suites that need them. Where that is impossible those
 * tests are skipped, and say so; under .ci/run it is a failure.
 *
 * Jest runs this file as CommonJS, so it imports nothing that is ESM only.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env[BINARY_VARIABLE]) return;
  execFileSync(process.execPath, [join(ROOT, 'api/build.mjs')], { stdio: 'inherit' });
  const { cacheDir, pocketbaseBin } = readConfig();
  const sourceDir = join(ROOT, 'pocketbase');
  const onBuild = () => console.log('\nBuilding the PocketBase service: once, a few minutes …');
  try {
    process.env[BINARY_VARIABLE] = pocketbaseBin ?? (await ensureBinary({ sourceDir, cacheDir, onBuild }));
  } catch (fault) {
    if (!(fault instanceof BinaryMissing) || process.env.POCKETHOOK_TEST_ALL === 'true') throw fault;
    console.warn(`\nSKIPPED: every test that needs the PocketBase service.\n${fault.message}\n`);
  }
}
