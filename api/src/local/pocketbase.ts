import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { faultFields, type Logger } from '../ops/logger.ts';
import { StartRefused } from './start-refused.ts';

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
  /** Resolves with what the service said when it has ended and starting it again can't help; else never. */
  readonly refused: Promise<string>;
  /** Ends it gracefully; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How a process of the service ended. */
interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** For people; empty when it ended without a word. */
  lastWords: string;
}

interface Launched {
  child: ChildProcess;
  /** Its URL when it listens; undefined when it ended before. */
  listening: Promise<string | undefined>;
  ended: Promise<Ending>;
}

const LISTENING = /^pocketbase listening on (http:\/\/\S+)$/;
/** What main.go prints before it gives up. */
const LAST_WORDS = /^pocketbase: /;
/** sysexits.h, as main.go uses them: something has to be changed, or may change by itself. */
const EX_CONFIG = 78;
const EX_TEMPFAIL = 75;
const RESTART_MS = 200;
const RESTART_AT_MOST_MS = 10_000;
const STOP_MS = 8_000;

/**
 * Starts the service and resolves when it listens.
 * @throws StartRefused with what the service said, when it can't start like this
 * @throws Error when it ends for another reason before it listens for the first time
 */
export async function startPocketBase(options: PocketBaseOptions): Promise<SupervisedPocketBase> {
  let service = launch(options, options.port);
  const url = await service.listening;
  if (!url) throw whyNotStarted(await service.ended);
  // Port 0 meant any port; a restart must come back on the same one.
  const port = Number(new URL(url).port);
  let stopping = false;
  const refused = keepAlive();

  /** Resolves when the service is not to be started again. */
  async function keepAlive(): Promise<string | undefined> {
    for (let restartMs = RESTART_MS; ; restartMs = Math.min(restartMs * 2, RESTART_AT_MOST_MS)) {
      if (await service.listening) restartMs = RESTART_MS;
      const { code, signal, lastWords } = await service.ended;
      if (stopping) return undefined;
      options.logger.warn('pocketbase ended', { code, signal, ...(lastWords && { reason: lastWords }) });
      if (code === EX_CONFIG) return lastWords;
      await new Promise((resolve) => setTimeout(resolve, restartMs));
      if (stopping) return undefined;
      service = launch(options, port);
    }
  }

  return {
    url,
    get pid() {
      return service.child.pid;
    },
    refused: new Promise((resolve) => void refused.then((reason) => reason !== undefined && resolve(reason))),
    async stop() {
      stopping = true;
      service.child.kill('SIGTERM');
      const timer = setTimeout(() => service.child.kill('SIGKILL'), STOP_MS);
      await service.ended;
      clearTimeout(timer);
      await refused;
    },
  };
}

function whyNotStarted({ code, signal, lastWords }: Ending): Error {
  if (code === EX_CONFIG || code === EX_TEMPFAIL) return new StartRefused(lastWords);
  return new Error(
    lastWords || `the PocketBase service ended before it listened (${code ?? signal}); the lines above say why`,
  );
}

function launch(options: PocketBaseOptions, port: number): Launched {
  const child = spawn(options.binary, argumentsFor(options, port), {
    // Its standard input is the leash: when this process is gone, however, it reads the end and stops.
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the store must outlive what needs it.
    detached: true,
    env: { PATH: '', HOME: options.dataDir, ...options.env, SUPERVISED: 'true' },
  });
  const lastWords: string[] = [];
  let onListening: (url: string | undefined) => void;
  const listening = new Promise<string | undefined>((resolve) => {
    onListening = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const url = LISTENING.exec(line)?.[1];
      if (url) onListening(url);
      else if (lastWords.length > 0 || LAST_WORDS.test(line)) lastWords.push(line.replace(LAST_WORDS, ''));
      else options.logger.info('pocketbase', { line });
    });
  }
  const ended = new Promise<Ending>((resolve) => {
    // Not `exit`: its last words may still be on their way then.
    child.once('close', (code, signal) => resolve({ code, signal, lastWords: lastWords.join('\n') }));
    child.once('error', (fault) => {
      const reason = `the PocketBase service ${options.binary} can't be run (${faultFields(fault).code}): POCKETBASE_BIN names it, or it was built into the cache folder`;
      resolve({ code: EX_CONFIG, signal: null, lastWords: reason });
    });
  });
  void ended.then(() => onListening(undefined));
  return { child, listening, ended };
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
