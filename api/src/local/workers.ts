import cluster, { type Worker } from 'node:cluster';
import type { Logger } from '../ops/logger.ts';

/** What a worker says when it has reached the store for the first time. */
export interface Greeting {
  url: string;
  githubSecret: string | undefined;
}

export interface WorkersOptions {
  count: number;
  /** Passed on besides this process's own environment. */
  env: Record<string, string>;
  logger: Logger;
  /** `first`: of all workers since the start. */
  onGreeting: (greeting: Greeting, first: boolean) => void;
}

export interface Workers {
  /** Resolves when a worker can't start with what it was given, which it has said; else never. */
  readonly refused: Promise<void>;
  /** Replaces them one by one: each goes only when the one that comes has reached the store. */
  restart(): Promise<void>;
  /** Ends them gracefully; resolves when they are gone. */
  stop(): Promise<void>;
}

interface Launched {
  worker: Worker;
  /** Whether it has reached the store; false: it ended before. */
  ready: Promise<boolean>;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** As main.ts ends. */
const EX_CONFIG = 78;
const RESTART_MS = 200;
const RESTART_AT_MOST_MS = 10_000;
/** Longer than a worker takes to finish what is under way. */
const STOP_MS = 13_000;

const KIND = 'pockethook:greeting';

/** Starts so many workers, which share the port (node:cluster), and another one whenever one ends by itself. */
export function startWorkers(options: WorkersOptions): Workers {
  const { logger } = options;
  let stopping = false;
  let greeted = false;
  let refuse: () => void;
  const refused = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  const first = { current: launch() };
  const places = [first];
  void keepAlive(first);
  // The others begin when the first has made what a first start makes.
  const complete = first.current.ready.then(() => {
    while (!stopping && places.length < options.count) {
      const place = { current: launch() };
      places.push(place);
      void keepAlive(place);
    }
  });
  let restarting: Promise<void> = Promise.resolve();

  function launch(): Launched {
    const worker = cluster.fork(options.env);
    const ended = new Promise<Awaited<Launched['ended']>>((resolve) => {
      worker.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
    });
    const ready = new Promise<boolean>((resolve) => {
      worker.on('message', (message: { kind?: string; greeting?: Greeting }) => {
        if (message.kind !== KIND || !message.greeting) return;
        options.onGreeting(message.greeting, !greeted);
        greeted = true;
        resolve(true);
      });
      void ended.then(() => resolve(false));
    });
    return { worker, ready, ended };
  }

  async function keepAlive(place: { current: Launched }): Promise<void> {
    let pauseMs = RESTART_MS;
    for (;;) {
      const { current } = place;
      if (await current.ready) pauseMs = RESTART_MS;
      const { code, signal } = await current.ended;
      if (stopping) return;
      if (place.current !== current) continue;
      logger.warn('worker ended', { pid: current.worker.process.pid, code, signal });
      if (code === EX_CONFIG) return refuse();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (stopping) return;
      pauseMs = Math.min(pauseMs * 2, RESTART_AT_MOST_MS);
      place.current = launch();
    }
  }

  async function restartAll(): Promise<void> {
    await complete;
    for (const place of places) {
      if (stopping) return;
      const before = place.current;
      const next = launch();
      if (!(await next.ready)) return logger.error('not restarted: the new worker ended; the old ones stay');
      if (stopping || place.current !== before) {
        await end(next);
        continue;
      }
      place.current = next;
      await end(before);
    }
    logger.info('workers restarted');
  }

  async function end({ worker, ended }: Launched): Promise<void> {
    worker.process.kill('SIGTERM');
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  return {
    refused,
    restart() {
      restarting = restarting.then(restartAll);
      return restarting;
    },
    async stop() {
      stopping = true;
      await Promise.all(places.map(({ current }) => end(current)));
      await restarting;
    },
  };
}

/** In a worker. */
export function tellSupervisor(greeting: Greeting): void {
  process.send?.({ kind: KIND, greeting });
}

/** In a worker: without its supervisor it ends, gracefully. */
export function isStoppedWith(app: { stop(): Promise<void> }): void {
  process.once('disconnect', () => void app.stop().finally(() => process.exit(1)));
}
