/** Builds the console (api/console) for browsers. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const INPUTS = ['api/console', 'api/client', 'api/build-console.mjs', 'package-lock.json', 'tsconfig.json'];
/** Names what a folder was built from. */
const MARK = 'inputs.txt';
/** Those that have light-dark() and nested rules in CSS. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

/**
 * Writes `folder` (api/dist/console), each text with its gzip beside it; in one step, since tests of several processes may build and
 * read at once. Does nothing when nothing has changed.
 */
export async function buildConsole(folder = join(root, 'api/dist/console')) {
  const inputs = fingerprint();
  if (existsSync(join(folder, MARK)) && (await readFile(join(folder, MARK), 'utf8')) === inputs) return;
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const built = join(work, 'console');
    await bundle(built);
    await compress(built);
    await writeFile(join(built, MARK), inputs);
    if (existsSync(folder)) await rename(folder, join(work, 'previous'));
    await rename(built, folder);
  } finally {
    await rm(work, { recursive: true });
  }
}

async function bundle(outDir) {
  const { build } = await import('vite');
  await build({
    root: join(root, 'api/console'),
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    // For production whatever NODE_ENV the one who builds has, such as test.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { development: false } },
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: {
      outDir,
      emptyOutDir: false,
      target: BROWSERS,
      // The policy of its pages allows no data: URLs but images, and no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1_000,
      // "use client", in libraries that also run on servers.
      rolldownOptions: {
        checks: { pluginTimings: false },
        onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
      },
    },
  });
}

async function compress(folder) {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|css|svg)$/.test(name),
  );
  const compressed = async (name) => promisify(gzip)(await readFile(join(folder, name)), { level: 9 });
  await Promise.all(texts.map(async (name) => writeFile(join(folder, `${name}.gz`), await compressed(name))));
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const input of INPUTS.map((name) => join(root, name))) {
    for (const file of filesOf(input)) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (/\.\w+$/.test(path)) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildConsole();
