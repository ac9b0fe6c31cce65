import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const inThisFolder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Puts the API reference's page and its renderer (api/docs/README.md) into `folder` (api/dist/docs), to be served by the API itself. */
export async function buildDocs(folder = inThisFolder('dist/docs')) {
  await cp(inThisFolder('docs'), folder, { recursive: true, filter: (path) => !path.endsWith('.md') });
}
