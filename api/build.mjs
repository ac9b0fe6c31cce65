/** Bundles the API service, the command line, the console, the contract and the PocketBase hooks' module. `--watch` starts the service anew after each change. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { buildConsole } from './build-console.mjs';
import { bundleContract } from './build-contract.mjs';
import { buildDocs } from './build-docs.mjs';
import { bundleHooks } from './build-hooks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const newestMigration = readdirSync(`${root}pb_migrations`)
  .filter((name) => name.endsWith('.js'))
  .sort()
  .at(-1);
const watch = process.argv.includes('--watch');

const restartOnEnd = {
  name: 'restart',
  setup(build) {
    let child;
    build.onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const previous = child;
      const start = () => {
        child = spawn(process.execPath, ['--enable-source-maps', `${root}api/dist/main.js`], { stdio: 'inherit' });
      };
      if (!previous || previous.exitCode !== null) return start();
      previous.once('exit', start);
      previous.kill('SIGTERM');
    });
  },
};

/** Before each build, so that `--watch` starts the service with the contract of now. */
const contract = { name: 'contract', setup: (build) => build.onStart(() => bundleContract()) };

await Promise.all([bundleHooks(), buildDocs(), buildConsole()]);
const bundle = await context({
  entryPoints: { main: `${root}api/src/main.ts`, pockethook: `${root}api/src/cli/main.ts` },
  outdir: `${root}api/dist`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  define: { POCKETHOOK_VERSION: JSON.stringify(version), POCKETHOOK_SCHEMA: JSON.stringify(newestMigration) },
  banner: { js: '#!/usr/bin/env node' },
  plugins: [contract, ...(watch ? [restartOnEnd] : [])],
});
if (watch) await bundle.watch();
else {
  await bundle.rebuild();
  await bundle.dispose();
}
