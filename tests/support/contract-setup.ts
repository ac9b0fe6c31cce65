import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** For the suite that needs no services: the contract as the build bundles it. Jest runs this file as CommonJS. */
export default function contractSetup(): void {
  execFileSync(process.execPath, [join(__dirname, '../../api/build-contract.mjs')], { stdio: 'inherit' });
}
