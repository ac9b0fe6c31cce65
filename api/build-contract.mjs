/**
 * Bundles the API's contract, which is written by resource in api/contract, into the one file that is served and loaded.
 * `--types` writes the TypeScript types of it as well.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const inThisFolder = (path) => fileURLToPath(new URL(path, import.meta.url));
const REDOCLY = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/**
 * Writes `file` (api/dist/openapi.yaml), and the same as JSON beside it, which the command line reads faster. Each in one step,
 * since tests of several processes may build and read it at once.
 */
export async function bundleContract(file = inThisFolder('dist/openapi.yaml')) {
  await mkdir(dirname(file), { recursive: true });
  const folder = await mkdtemp(`${file}-`);
  try {
    const bundle = `${folder}/openapi.yaml`;
    const json = `${folder}/openapi.json`;
    await promisify(execFile)(
      process.execPath,
      [REDOCLY, 'bundle', inThisFolder('contract/openapi.yaml'), '-o', bundle],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    );
    await writeFile(json, JSON.stringify(parse(await readFile(bundle, 'utf8'))));
    await rename(json, file.replace(/\.yaml$/, '.json'));
    await rename(bundle, file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes api/contract/generated/types.ts, which api/client is typed by; only checks need it, what runs has no types. */
async function generateTypes() {
  const { default: openapiTypes, astToString } = await import('openapi-typescript');
  // A property with a default may be left out of a request all the same.
  const nodes = await openapiTypes(await readFile(inThisFolder('dist/openapi.yaml')), { defaultNonNullable: false });
  await mkdir(inThisFolder('contract/generated'), { recursive: true });
  await writeFile(inThisFolder('contract/generated/types.ts'), astToString(nodes));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await bundleContract();
  if (process.argv.includes('--types')) await generateTypes();
}
