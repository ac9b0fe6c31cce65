import type { KindName } from '../kinds/index.ts';
import type { UnreadableRecord } from '../model/configuration.ts';
import { createFaultLog, type Logger } from '../ops/logger.ts';
import { afterReading, type Part, type Reading } from './reading.ts';

/** A part of the configuration, looked up without I/O; parts are read by themselves and have versions of their own. */
export interface Cache<V> {
  readonly current: V;
  /** Whether the last reading failed, so that `current` may be out of date. */
  readonly failing: boolean;
  /** Reads what changed; rejects when the store can't be reached. */
  refresh(): Promise<void>;
  /** Told of a version; reads what changed if it is newer. Never rejects. */
  seen(version: number): void;
  /** Ends the reading under way, and reads nothing any more. */
  close(): Promise<void>;
  record(kind: KindName, id: string): object | undefined;
  /** What is out of service until somebody corrects it, by the id of the record. */
  unreadableRecord(id: string): UnreadableRecord | undefined;
}

export interface CacheDeps<K extends KindName, V> {
  kinds: readonly K[];
  /** What changed since a version, or everything: when it is undefined, and when the store can't tell what changed. */
  load: (since: number | undefined, signal: AbortSignal) => Promise<Reading<K>>;
  toView: (part: Part<K>) => V;
  logger: Logger;
}

/** Starts empty, with version −1: until the first refresh nobody knows what there is. */
export function createCache<K extends KindName, V>({ kinds, load, toView, logger }: CacheDeps<K, V>): Cache<V> {
  let part = {
    version: -1,
    unreadable: [],
    ...Object.fromEntries(kinds.map((kind) => [kind, []])),
  } as object as Part<K>;
  let current = toView(part);
  const faults = createFaultLog(logger, 'configuration not refreshed');
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  /** The newest version told of since the last reading began. */
  let told = -1;
  let failing = false;
  const closing = new AbortController();

  async function read(): Promise<void> {
    told = -1;
    const reading = await load(part.version < 0 ? undefined : part.version, closing.signal);
    if (reading.version < part.version) return;
    const after = afterReading(kinds, part, reading);
    if (after === part) return;
    reportUnreadable(part.unreadable, after.unreadable, logger);
    part = after;
    current = toView(part);
  }

  /**
   * A reading that began before the call may have missed what the caller just wrote: one more follows it, and all who ask
   * meanwhile share that one.
   */
  function refresh(): Promise<void> {
    if (!running) return start();
    following ??= running
      .catch(() => undefined)
      .then(() => {
        following = undefined;
        return start();
      });
    return following;
  }

  function start(): Promise<void> {
    const reading = read();
    running = reading;
    reading.then(
      () => {
        failing = false;
        faults.worked();
        finished(part.version);
      },
      (fault) => {
        if (closing.signal.aborted) return;
        failing = true;
        faults.failed(fault);
        // Whoever tells of a version next causes another reading, and `readFailedAgain`; at once it would only fail again.
        finished(told);
      },
    );
    return reading;
  }

  function finished(known: number): void {
    running = undefined;
    if (told > known && !following) start().catch(() => undefined);
  }

  return {
    get current() {
      return current;
    },
    get failing() {
      return failing;
    },
    refresh,
    seen(version) {
      told = Math.max(told, version);
      if (!running && version > part.version) refresh().catch(() => undefined);
    },
    async close() {
      closing.abort();
      await running?.catch(() => undefined);
    },
    record: (kind, id) =>
      (kinds as readonly KindName[]).includes(kind)
        ? (part as Record<string, unknown> as Record<KindName, { id: string }[]>)[kind].find(
            (record) => record.id === id,
          )
        : undefined,
    unreadableRecord: (id) => part.unreadable.find((record) => record.id === id),
  };
}

const AGAIN_MS = 1_000;

/**
 * Reads again what failed, every second until the signal aborts: the last edit may be the last for a long time, so nobody would
 * tell of a version that causes another reading.
 */
export async function readFailedAgain(
  caches: readonly Pick<Cache<unknown>, 'failing' | 'refresh'>[],
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(AGAIN_MS, signal);
    const failed = signal.aborted ? [] : caches.filter(({ failing }) => failing);
    await Promise.all(failed.map((cache) => cache.refresh().catch(() => undefined)));
  }
}

/** One line for each record that could be read before, or for another reason, and for each that is well again. */
function reportUnreadable(before: readonly UnreadableRecord[], now: readonly UnreadableRecord[], logger: Logger): void {
  const problems = new Map(before.map(({ id, problem }) => [id, problem]));
  for (const { kind, id, name, problem } of now) {
    if (problems.get(id) !== problem)
      logger.warn(`a ${kind} can not be read and is out of service`, { [kind]: id, name, problem });
    problems.delete(id);
  }
  for (const { kind, id, name } of before)
    if (problems.has(id)) logger.info(`a ${kind} is in service again`, { [kind]: id, name });
}
