import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface BinaryOptions {
  /** The Go module. */
  sourceDir: string;
  /** Binaries are kept here, one for each state of the sources. */
  cacheDir: string;
  /** Called when a build begins; it takes a minute or two the first time. */
  onBuild: () => void;
  /** The Go command; absent: the one on the PATH. */
  go?: string;
}

/** Why there is no PocketBase service to start, and the ways on. */
export class BinaryMissing extends Error {
  override name = 'BinaryMissing';
}

/**
 * The path of a PocketBase service built from exactly these sources, built now if it is not in the cache.
 * @throws BinaryMissing when Go is not installed, or the build fails
 */
export async function ensureBinary(options: BinaryOptions): Promise<string> {
  const binary = join(options.cacheDir, `pocketbase-${hashSources(options.sourceDir)}`);
  if (existsSync(binary)) return binary;
  await requireGo(options.go);
  options.onBuild();
  mkdirSync(options.cacheDir, { recursive: true });
  // Built under a name of its own and then renamed: two builds at once, or a killed one, never leave half a binary.
  const unfinished = `${binary}.${process.pid}`;
  await build(options, unfinished);
  renameSync(unfinished, binary);
  return binary;
}

function hashSources(dir: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(dir).filter((name) => /\.go$|^go\.(?:mod|sum)$/.test(name) && !name.endsWith('_test.go'));
  for (const name of files.sort()) hash.update(`${name}\0`).update(readFileSync(join(dir, name)));
  return hash.digest('hex').slice(0, 16);
}

async function requireGo(go = 'go'): Promise<void> {
  try {
    await run(go, ['version']);
  } catch {
    throw new BinaryMissing(
      [
        'The PocketBase service has to be built once, and there is no Go on the PATH. Either',
        '  - install Go 1.26 or newer (https://go.dev/dl) and start again, or',
        '  - set POCKETBASE_BIN to a binary built elsewhere: cd pocketbase && CGO_ENABLED=0 go build -o pocketbase ., or',
        '  - set POCKETBASE_URL to a PocketBase service that runs already, or',
        '  - start everything in containers: docker compose up.',
      ].join('\n'),
    );
  }
}

async function build(options: BinaryOptions, output: string): Promise<void> {
  try {
    // GOTOOLCHAIN=auto lets an older Go fetch the toolchain that go.mod asks for; it goes in by the command line, and the rest of the environment stays.
    await run(
      'env',
      [
        'GOTOOLCHAIN=auto',
        'CGO_ENABLED=0',
        options.go ?? 'go',
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags=-s -w',
        '-o',
        output,
        '.',
      ],
      {
        cwd: options.sourceDir,
        maxBuffer: 16 * 1024 * 1024,
      },
    );
  } catch (fault) {
    const output = String((fault as { stderr?: string }).stderr ?? fault).trim();
    throw new BinaryMissing(`The PocketBase service could not be built:\n${output}`);
  }
}
