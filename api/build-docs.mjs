import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const inThisFolder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Puts the API reference's page and its renderer into `folder` (api/dist/docs), to be served by the API itself. */
export async function buildDocs(folder = inThisFolder('dist/docs')) {
  await mkdir(folder, { recursive: true });
  await copyFile(inThisFolder('docs/index.html'), join(folder, 'index.html'));
  for (const name of ['rapidoc-min.js', 'rapidoc-min.js.LICENSE.txt']) {
    await copyFile(require.resolve(`rapidoc/dist/${name}`), join(folder, name));
  }
}
