import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { isForLater, Problem } from '../model/problems.ts';

export interface GroupCommitOptions<Item> {
  /** Most items in one commit. */
  maxItems: number;
  /** Most bytes in one commit; a single larger item still goes alone. */
  maxBytes: number;
  /** Bytes that may wait; beyond it new items are refused, before memory grows. */
  maxWaitingBytes: number;
  sizeOf: (item: Item) => number;
  observe?: (items: number) => void;
  /** Resolves when the next commit may begin; without it, at once after the last one, else after a turn of the event loop. */
  pace?: () => Promise<unknown>;
  /** How items wait for others to share their commit although the committer is idle: nobody waits for them. */
  gather?: { isPatient: (item: Item) => boolean; ms: number };
}

interface Waiting<Item, Result> {
  item: Item;
  bytes: number;
  resolve: (result: Result) => void;
  reject: (fault: unknown) => void;
}

/**
 * Shares one durable commit among all items of the same few milliseconds: an idle committer starts at
 * once, a busy one collects the next batch meanwhile; there is no timer but those of `pace` and `gather`. When the store is away, those that
 * waited behind a failed commit fail with it, so that nobody waits in vain; when it refuses a batch, each item goes again alone.
 */
export function groupCommit<Item, Result>(
  commit: (batch: Item[]) => Promise<Result[]>,
  options: GroupCommitOptions<Item>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let waitingBytes = 0;
  let busy = false;
  /** All that wait are patient. */
  let arePatient = true;
  /** Ends the time for which they wait. */
  let hurry: (() => void) | undefined;
  const { gather, pace } = options;

  async function gatherMore(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      hurry = resolve;
    });
    clearTimeout(timer);
    hurry = undefined;
  }

  function takeBatch(): Waiting<Item, Result>[] {
    let bytes = 0;
    let count = 0;
    for (const entry of waiting) {
      if (count > 0 && (count === options.maxItems || bytes + entry.bytes > options.maxBytes)) break;
      bytes += entry.bytes;
      count++;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  }

  async function run(): Promise<void> {
    busy = true;
    /** Tells those of the last commit what came of it. */
    let tell: (() => void) | undefined;
    while (waiting.length > 0) {
      if (!tell) await gatherBatch();
      const committing = commitNext();
      // What they do with it comes after the microtasks that send this commit, so that the store has work meanwhile.
      if (tell) process.nextTick(tell);
      tell = await committing;
      if (waiting.length === 0 || pace || (gather && arePatient)) {
        tell?.();
        tell = undefined;
      }
    }
    busy = false;
  }

  async function gatherBatch(): Promise<void> {
    if (gather && arePatient) await gatherMore(gather.ms);
    // What the event loop has at hand joins in before the commit starts: no waiting, and larger groups under load.
    await (pace ?? turnOfEventLoop)();
  }

  /** Resolves, when the batch is stored, to what tells those of it; nobody of a batch that failed is left to tell. */
  async function commitNext(): Promise<(() => void) | undefined> {
    const batch = takeBatch();
    arePatient ||= waiting.length === 0;
    options.observe?.(batch.length);
    try {
      const results = await commit(batch.map((entry) => entry.item));
      return () => {
        batch.forEach((entry, index) => {
          entry.resolve(results[index] as Result);
        });
      };
    } catch (fault) {
      if (isForLater(fault)) failAll([...batch, ...waiting.splice(0)], fault);
      else if (batch.length === 1) failAll(batch, fault);
      else for (const entry of batch) await commitAlone(entry);
      return undefined;
    }
  }

  function failAll(entries: Waiting<Item, Result>[], fault: unknown): void {
    if (waiting.length === 0) waitingBytes = 0;
    for (const entry of entries) entry.reject(fault);
  }

  /** One item must not cost the others of its batch. */
  async function commitAlone(entry: Waiting<Item, Result>): Promise<void> {
    await commit([entry.item]).then(([result]) => entry.resolve(result as Result), entry.reject);
  }

  return (item) => {
    const bytes = options.sizeOf(item);
    if (waiting.length > 0 && waitingBytes + bytes > options.maxWaitingBytes) {
      return Promise.reject(
        new Problem('overloaded', 'The store is slower than the requests. Send this one again later.'),
      );
    }
    return new Promise((resolve, reject) => {
      waiting.push({ item, bytes, resolve, reject });
      waitingBytes += bytes;
      if (!gather?.isPatient(item)) {
        arePatient = false;
        hurry?.();
      }
      if (!busy) void run();
    });
  };
}
