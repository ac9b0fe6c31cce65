import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinaryMissing, type BuildProgress, ensureBinary } from '../../../api/src/local/binary.ts';

let root: string;
let builds: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pockethook-binary-'));
  for (const name of ['source/internal', 'bin']) mkdirSync(join(root, name), { recursive: true });
  write('source/main.go', 'package main');
  builds = 0;
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(name: string, content: string): void {
  writeFileSync(join(root, name), content);
}

/** A stand-in for Go: `build` is a shell script that finds the output's path in $out. */
function installGo(build: string): void {
  const script =
    '#!/bin/sh\n[ "$1" = version ] && exit 0\n[ "$1" = list ] && echo a && echo b && exit 0\nwhile [ "$1" != -o ]; do shift; done; out=$2\n';
  write('bin/go', `${script}${build}\n`);
  chmodSync(join(root, 'bin/go'), 0o755);
}

const options = () => ({
  sourceDir: join(root, 'source'),
  cacheDir: join(root, 'cache'),
  onBuild: () => void builds++,
  go: join(root, 'bin/go'),
});
const ensure = () => ensureBinary(options());

test('without Go, one message names the ways on', async () => {
  const fault = await ensure().catch((error) => error);
  expect(fault).toBeInstanceOf(BinaryMissing);
  for (const way of ['https://go.dev/dl', 'POCKETBASE_BIN', 'POCKETBASE_URL', 'docker compose up'])
    expect(fault.message).toContain(way);
  expect(builds).toBe(0);
});

test('is built once for the same sources, and anew for others', async () => {
  installGo('echo built > "$out"');
  const binary = await ensure();
  expect(readFileSync(binary, 'utf8')).toBe('built\n');
  expect(await ensure()).toBe(binary);
  expect(builds).toBe(1);
  write('source/go.mod', 'module changed');
  expect(await ensure()).not.toBe(binary);
  expect(builds).toBe(2);
});

test('is built anew when a file in a folder of the module changes, comes or goes', async () => {
  installGo('echo built > "$out"');
  mkdirSync(join(root, 'source/internal/queue'), { recursive: true });
  const binaries = [await ensure()];
  for (const content of ['package queue', 'package queue // changed']) {
    write('source/internal/queue/accept.go', content);
    binaries.push(await ensure());
  }
  expect(new Set(binaries).size).toBe(3);
  rmSync(join(root, 'source/internal'), { recursive: true });
  expect(await ensure()).toBe(binaries[0]);
});

test.each(['main_test.go', 'internal/queue_test.go', 'README.md'])('%s is no reason to build anew', async (name) => {
  installGo('echo built > "$out"');
  await ensure();
  write(`source/${name}`, 'changed');
  await ensure();
  expect(builds).toBe(1);
});

test('a build removes what no start has used for a week, but the last ten', async () => {
  installGo('echo built > "$out"');
  const weeksAgo = (path: string, weeks: number) => {
    const at = new Date(Date.now() - weeks * 7 * 24 * 60 * 60_000 - 60_000);
    utimesSync(path, at, at);
  };
  const built: string[] = [];
  for (let n = 0; n < 12; n++) {
    write('source/main.go', `package main // ${n}`);
    built.push(await ensure());
    weeksAgo(built[n] as string, 20 - n);
  }
  // Used again, so that it stays.
  write('source/main.go', 'package main // 0');
  await ensure();
  write('cache/notes', 'of somebody else');
  write('source/main.go', 'package main // new');
  const latest = await ensure();
  const left = readdirSync(join(root, 'cache')).map((name) => join(root, 'cache', name));
  const kept = [built[0], ...built.slice(4), latest, join(root, 'cache/notes')];
  expect(left.sort()).toEqual(kept.sort());
});

test('a build that fails says why and leaves nothing that looks like a binary', async () => {
  installGo('echo half > "$out"; echo "main.go:1: syntax error" >&2; exit 1');
  const fault = await ensure().catch((error) => error);
  expect(fault).toBeInstanceOf(BinaryMissing);
  expect(fault.message).toContain('main.go:1: syntax error');
  expect(readdirSync(join(root, 'cache'))).toEqual([]);
  installGo('echo built > "$out"');
  expect(readFileSync(await ensure(), 'utf8')).toBe('built\n');
});

test('a build tells what it is at', async () => {
  installGo(
    'echo "go: downloading example.com/m v1.0.0" >&2; echo example.com/m >&2; echo pockethook >&2; echo b > "$out"',
  );
  const steps: BuildProgress[] = [];
  await ensureBinary({ ...options(), onProgress: (progress) => steps.push(progress) });
  expect(steps).toEqual([
    { step: 'fetching', done: 0, total: undefined },
    { step: 'compiling', done: 1, total: 2 },
    { step: 'compiling', done: 2, total: 2 },
  ]);
});

test('a Go that can not fetch a newer one is too old', async () => {
  write('bin/go', '#!/bin/sh\necho go version go1.20.14 linux/amd64\n');
  chmodSync(join(root, 'bin/go'), 0o755);
  await expect(ensure()).rejects.toThrow(/Go on the PATH is 1\.20, too old/);
});

test('a build can be given up', async () => {
  installGo('echo started >&2; exec sleep 60');
  const interrupted = new AbortController();
  const built = ensureBinary({
    ...options(),
    signal: interrupted.signal,
    onProgress: ({ done }) => done && interrupted.abort(),
  });
  await expect(built).rejects.toThrow('aborted');
});
