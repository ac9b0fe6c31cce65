/** Bundles what the PocketBase service loads: the check of expressions and the extension of its dashboard. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes them into pocketbase/pb_hooks/generated. */
export async function bundleHooks() {
  await Promise.all([bundleExpressions(), bundleDashboard()]);
}

/** For goja, which speaks ES2017, CommonJS and no web APIs. */
function bundleExpressions() {
  return build({
    entryPoints: [`${root}api/src/kinds/check-expressions.ts`],
    outfile: `${root}pocketbase/pb_hooks/generated/expressions.js`,
    bundle: true,
    platform: 'neutral',
    format: 'cjs',
    target: 'es2017',
    supported: { bigint: true },
    // The check compiles expressions and never runs them.
    alias: { 'node:crypto': `${root}api/hooks-crypto.js` },
    inject: [`${root}api/hooks-shims.js`],
    logLevel: 'warning',
  });
}

/** For browsers. PocketBase takes main.js alone. */
function bundleDashboard() {
  return build({
    entryPoints: [`${root}api/dashboard/main.ts`],
    outfile: `${root}pocketbase/pb_hooks/generated/dashboard/main.js`,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    loader: { '.css': 'text' },
    logLevel: 'warning',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bundleHooks();
