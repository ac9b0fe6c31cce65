/** Bundles the check of expressions for PocketBase's hooks, whose engine (goja) speaks ES2017, CommonJS and no web APIs. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes pocketbase/pb_hooks/generated/expressions.js, which the hooks `require`. */
export async function bundleHooks() {
  await build({
    entryPoints: [`${root}api/src/kinds/check-expressions.ts`],
    outfile: `${root}pocketbase/pb_hooks/generated/expressions.js`,
    bundle: true,
    platform: 'neutral',
    format: 'cjs',
    target: 'es2017',
    supported: { bigint: true },
    inject: [`${root}api/hooks-shims.js`],
    logLevel: 'warning',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bundleHooks();
