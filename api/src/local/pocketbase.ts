import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { faultFields, type Logger } from '../ops/logger.ts';

export interface PocketBaseOptions {
  binary: string;
  port: number;
  dataDir: string;
  migrationsDir: string;
  hooksDir: string;
  /** Passed on: credentials, keys, and what destinations may reach. */
  env: Record<string, string>;
  logger: Logger;
}

/** A PocketBase service that this process started; it is started anew whenever it ends by itself. */
export interface SupervisedPocketBase {
  readonly url: string;
  readonly pid: number | undefined;
  /** Ends it gracefully; resolves when it is gone. */
  stop(): Promise<void>;
}

const LISTENING = /^pocketbase listening on (http:\/\/\S+)$/;
const RESTART_MS = 200;
const RESTART_AT_MOST_MS = 10_000;
const STOP_MS = 8_000;

/**
 * Starts the service and resolves when it listens.
 * @throws Error with what it last printed, when it ends before it listens for the first time
 */
export async function startPocketBase(options: PocketBaseOptions): Promise<SupervisedPocketBase> {
  let port = options.port;
  let child: ChildProcess;
  let stopping = false;
  let restartMs = RESTART_MS;

  /** Resolves with the URL when it listens, undefined when it ended before. */
  function launch(): Promise<string | undefined> {
    child = spawn(options.binary, argumentsFor(options, port), {
      // Its standard input is the leash: when this process is gone, however, it reads the end and stops.
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the store must outlive what needs it.
      detached: true,
      env: { PATH: '', HOME: options.dataDir, ...options.env, SUPERVISED: 'true' },
    });
    const process = child;
    return new Promise((resolve) => {
      relay(process, (url) => {
        restartMs = RESTART_MS;
        resolve(url);
      });
      process.once('exit', (code, signal) => {
        resolve(undefined);
        if (!stopping) options.logger.warn('pocketbase ended', { code, signal });
      });
      process.once('error', (fault) => {
        resolve(undefined);
        options.logger.error('pocketbase could not be started', { binary: options.binary, ...faultFields(fault) });
      });
    });
  }

  function relay(process: ChildProcess, onListening: (url: string) => void): void {
    for (const stream of [process.stdout, process.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        const url = LISTENING.exec(line)?.[1];
        if (url) onListening(url);
        else options.logger.info('pocketbase', { line });
      });
    }
  }

  async function keepAlive(): Promise<void> {
    while (!stopping) {
      await ended(child);
      if (stopping) return;
      await new Promise((resolve) => setTimeout(resolve, restartMs));
      restartMs = Math.min(restartMs * 2, RESTART_AT_MOST_MS);
      if (!stopping) await launch();
    }
  }

  const url = await launch();
  if (!url) throw new Error('The PocketBase service ended before it listened; the lines above say why.');
  // Port 0 meant any port; a restart must come back on the same one.
  port = Number(new URL(url).port);
  const kept = keepAlive();

  return {
    url,
    get pid() {
      return child.pid;
    },
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended(child);
      clearTimeout(timer);
      await kept;
    },
  };
}

function argumentsFor(options: PocketBaseOptions, port: number): string[] {
  return [
    'serve',
    `--http=127.0.0.1:${port}`,
    `--dir=${options.dataDir}`,
    `--migrationsDir=${options.migrationsDir}`,
    `--hooksDir=${options.hooksDir}`,
  ];
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
