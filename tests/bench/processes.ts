import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { sleep } from './measure.ts';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** CPU seconds used so far, and resident memory, from /proc. */
export function usage(pid: number): { cpuSeconds: number; rssMegabytes: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssMegabytes: (Number(fields[21]) * PAGE_BYTES) / 1024 ** 2 };
}

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** Starts a Node process with its output in a file, so that reading it costs the benchmark nothing. */
export function startNode(args: string[], env: Record<string, string>, logFile: string): ChildProcess {
  return spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', openSync(logFile, 'w'), 'inherit'],
  });
}

/** The first match of `pattern` in the file, as soon as it is there. */
export async function waitForLine(file: string, pattern: RegExp, child: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (child.exitCode !== null) throw new Error(`${file}: the process ended with ${child.exitCode}`);
    const match = pattern.exec(safeRead(file));
    if (match?.[1]) return match[1];
    await sleep(100);
  }
  throw new Error(`${file}: nothing matched ${pattern}`);
}

function safeRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
