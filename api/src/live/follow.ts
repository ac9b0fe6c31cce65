import { LRUCache } from 'lru-cache';
import { type Change, type Changes, isAfter, type ReadChanges } from '../store/changes.ts';

export interface FollowDeps {
  readChanges: ReadChanges;
  /** Resolves after that time, or when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a follower gets, in order; `reset`: the rows have to be read anew. */
export type Told = Change | { cursor: string; topic: 'reset' };

export interface Follower {
  /** The cursor of what it got last; absent: it begins with what comes. */
  after?: string | undefined;
  /** The cursor where it begins, known as soon as the store answers; whatever is committed from now on is told. */
  begin: (cursor: string) => void;
  tell: (told: Told) => void;
  /** Resolves when it can take more of what is past. */
  drained: () => Promise<void>;
}

/** Follows the store until the signal aborts. */
export type Follow = (follower: Follower, signal: AbortSignal) => Promise<void>;

const WAIT_MS = 8_000;
/** Changes of this time are told together: a burst costs the store few calls, and no eye sees the difference. */
const GATHER_MS = 100;
const RETRY_MS = 1_000;
/** Newest versions that were told, to recognise a row that was read again for a change that it had shown already. */
const REMEMBERED_AT_MOST = 5_000;

/** A follower that got everything up to its cursor. */
interface Joined extends Pick<Follower, 'tell' | 'drained'> {
  cursor: string;
}

interface Reader {
  cursor: string;
  stop: AbortController;
}

/**
 * All followers of this process share one reader, which asks the store only while there is one. Whoever begins in the past reads
 * by itself until it has caught up with that reader.
 */
export function createFollow({ readChanges, sleep }: FollowDeps): Follow {
  const joined = new Set<Joined>();
  let reader: Reader | undefined;

  /** Undefined once the signal is aborted. */
  async function untilRead(after: string | undefined, waitMs: number, signal: AbortSignal) {
    while (!signal.aborted) {
      const page = await readChanges(after, waitMs, signal).catch(() => undefined);
      if (signal.aborted) return undefined;
      if (page) return page;
      await sleep(RETRY_MS, signal);
    }
    return undefined;
  }

  async function read(own: Reader): Promise<void> {
    const versions = new LRUCache<string, string>({ max: REMEMBERED_AT_MOST });
    const { signal } = own.stop;
    for (;;) {
      const page = await untilRead(own.cursor, WAIT_MS, signal);
      if (!page) return;
      own.cursor = page.cursor;
      for (const told of tellable(page, versions)) {
        for (const follower of joined) {
          // Undefined: of another process of the store. That is the reset, or comes after it.
          if (isAfter(told.cursor, follower.cursor) === false) continue;
          follower.cursor = told.cursor;
          follower.tell(told);
        }
      }
      if (page.rows.length > 0) await sleep(GATHER_MS, signal);
    }
  }

  function join(follower: Joined): void {
    joined.add(follower);
    if (reader) return;
    reader = { cursor: follower.cursor, stop: new AbortController() };
    void read(reader);
  }

  function leave(follower: Joined): void {
    joined.delete(follower);
    if (joined.size > 0) return;
    reader?.stop.abort();
    reader = undefined;
  }

  /** Tells what is past. False once the signal is aborted. */
  async function catchUp(follower: Joined, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const page = await untilRead(follower.cursor, 0, signal);
      if (!page) return false;
      follower.cursor = page.cursor;
      for (const told of tellable(page)) follower.tell(told);
      await follower.drained();
      const readerIsAhead = reader && isAfter(reader.cursor, follower.cursor);
      if (reader === undefined || readerIsAhead === false) return true;
      // The shared reader does not know yet that the store was started anew.
      if (readerIsAhead === undefined) await sleep(GATHER_MS, signal);
    }
  }

  return async ({ after, begin, ...told }, signal) => {
    const cursor = after ?? (await untilRead(undefined, 0, signal))?.cursor;
    if (cursor === undefined) return;
    begin(cursor);
    const follower: Joined = { cursor, ...told };
    if (!(await catchUp(follower, signal))) return;
    join(follower);
    await aborted(signal);
    leave(follower);
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function* tellable({ cursor, reset, rows }: Changes, versions?: LRUCache<string, string>): Generator<Told> {
  if (reset) yield { cursor, topic: 'reset' };
  for (const change of rows) {
    const version = versionOf(change);
    if (versions?.get(change.row.id) === version) continue;
    versions?.set(change.row.id, version);
    yield change;
  }
}

function versionOf({ topic, row }: Change): string {
  return topic === 'event' ? `${row.duplicates}` : `${row.state} ${row.attempts_made} ${row.updated}`;
}
