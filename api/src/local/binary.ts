import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { moveIntoPlace } from './durable-file.ts';
import { StartRefused } from './start-refused.ts';

const run = promisify(execFile);

/** What a build is at: Go fetches its toolchain and modules, then compiles package by package. */
export interface BuildProgress {
  step: 'fetching' | 'compiling';
  /** Packages that were compiled; those of an earlier build are taken as they are and not counted. */
  done: number;
  /** Undefined: not known yet. */
  total: number | undefined;
}

export interface BinaryOptions {
  /** The Go module. */
  sourceDir: string;
  /** Binaries are kept here, one for each state of the sources. */
  cacheDir: string;
  /** Called when a build begins; it takes a few minutes the first time. */
  onBuild: () => void;
  onProgress?: (progress: BuildProgress) => void;
  /** Ends a build that is under way. */
  signal?: AbortSignal;
  /** The Go command; absent: the one on the PATH. */
  go?: string;
}

/** Why there is no PocketBase service to start, and the ways on. */
export class BinaryMissing extends StartRefused {
  override name = 'BinaryMissing';
}

/** The first that fetches the toolchain that go.mod asks for (GOTOOLCHAIN). */
const OLDEST_GO_MINOR = 21;
/** A line of `go build -v`: the path of a package. */
const PACKAGE = /^[\w.~/-]+$/;

const BINARY = /^pocketbase-[0-9a-f]{16}$/;
/** Binaries that stay whatever their age: other checkouts, and older versions to go back to. */
const KEPT = 10;
/** Since the last start. A service that is running for longer may need its binary again. */
const KEPT_FOR_MS = 7 * 24 * 60 * 60_000;

/**
 * The path of a PocketBase service built from exactly these sources, built now if it is not in the cache.
 * @throws BinaryMissing when Go is not installed, or the build fails
 */
export async function ensureBinary(options: BinaryOptions): Promise<string> {
  const binary = join(options.cacheDir, `pocketbase-${hashSources(options.sourceDir)}`);
  if (existsSync(binary)) {
    ifAllowed(() => utimesSync(binary, new Date(), new Date()));
    return binary;
  }
  await requireGo(options.go);
  options.onBuild();
  mkdirSync(options.cacheDir, { recursive: true });
  // Built under a name of its own and then renamed: two builds at once, or a killed one, never leave half a binary.
  const unfinished = `${binary}.${process.pid}`;
  try {
    await build(options, unfinished);
    moveIntoPlace(unfinished, binary);
    ifAllowed(() => removeUnused(options.cacheDir));
  } finally {
    rmSync(unfinished, { force: true });
  }
  return binary;
}

/** That the cache is somebody else's, or on a disk that is only read, is no reason not to start. */
function ifAllowed(tidy: () => void): void {
  try {
    tidy();
  } catch {
    // The next build tries again.
  }
}

/** Each state of the sources leaves 33 MB. */
function removeUnused(cacheDir: string): void {
  const byUse = readdirSync(cacheDir)
    .filter((name) => BINARY.test(name))
    .map((name) => ({
      path: join(cacheDir, name),
      at: statSync(join(cacheDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of byUse.slice(KEPT)) if (Date.now() - at > KEPT_FOR_MS) rmSync(path, { force: true });
}

/** Takes in everything that Go compiles, in whichever folder of the module it lies. */
function hashSources(dir: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.go$|^go\.(?:mod|sum)$/.test(path) && !path.endsWith('_test.go'),
  );
  for (const path of files.sort()) hash.update(`${path}\0`).update(readFileSync(join(dir, path)));
  return hash.digest('hex').slice(0, 16);
}

async function requireGo(go = 'go'): Promise<void> {
  const found = await run(go, ['version']).catch(() => undefined);
  const minor = Number(/go1\.(\d+)/.exec(found?.stdout ?? '')?.[1] ?? OLDEST_GO_MINOR);
  if (found && minor >= OLDEST_GO_MINOR) return;
  const what = found ? `the Go on the PATH is 1.${minor}, too old for it` : 'there is no Go on the PATH';
  throw new BinaryMissing(
    [
      `The PocketBase service has to be built once, and ${what}. Either`,
      `  - install Go 1.${OLDEST_GO_MINOR} or newer (https://go.dev/dl) and start again, or`,
      '  - set POCKETBASE_BIN to a binary built elsewhere: cd pocketbase && CGO_ENABLED=0 go build -o pocketbase ., or',
      '  - set POCKETBASE_URL to a PocketBase service that runs already, or',
      '  - start everything in containers: docker compose up.',
    ].join('\n'),
  );
}

async function build(options: BinaryOptions, output: string): Promise<void> {
  const progress: BuildProgress = { step: 'fetching', done: 0, total: undefined };
  const report = () => options.onProgress?.({ ...progress });
  report();
  const listed = await runGo(options, ['list', '-deps', '.'], () => undefined);
  if (listed.code === 0) progress.total = listed.stdoutLines;
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', output, '.'];
  const said: string[] = [];
  const { code } = await runGo(options, args, (line) => {
    if (PACKAGE.test(line)) {
      progress.step = 'compiling';
      progress.done += 1;
      report();
    } else said.push(line);
  });
  if (code !== 0) throw new BinaryMissing(`The PocketBase service could not be built:\n${said.join('\n').trim()}`);
}

/** Resolves when Go has ended; `onLine` gets each line of its standard error. */
async function runGo(
  { go = 'go', sourceDir, signal }: BinaryOptions,
  args: string[],
  onLine: (line: string) => void,
): Promise<{ code: number | null; stdoutLines: number }> {
  // GOTOOLCHAIN=auto lets an older Go fetch the toolchain that go.mod asks for; it goes in by the command line, and the rest of the environment stays.
  const child = spawn('env', ['GOTOOLCHAIN=auto', 'CGO_ENABLED=0', go, ...args], {
    cwd: sourceDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  let stdoutLines = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    stdoutLines += 1;
  });
  createInterface({ input: child.stderr }).on('line', onLine);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdoutLines }));
  });
}
