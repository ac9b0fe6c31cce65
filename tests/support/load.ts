import { setTimeout as sleep } from 'node:timers/promises';

const LANES = 8;

/** Posts events with keys of their own, in a few lanes, and remembers which were acknowledged. */
export function startLoad(url: string) {
  const acknowledged = new Set<string>();
  let running = true;
  let counter = 0;
  const lanes = Array.from({ length: LANES }, async () => {
    while (running) {
      const key = `key-${counter++}`;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ key }),
      }).catch(() => undefined);
      if (response?.status === 202) acknowledged.add(key);
      await response?.arrayBuffer().catch(() => undefined);
      // Keeps a service that is away from being asked thousands of times a second.
      if (response?.status !== 202) await sleep(20);
    }
  });
  return {
    /** Resolves after this many more acknowledgements. */
    async until(more: number): Promise<void> {
      const goal = acknowledged.size + more;
      while (acknowledged.size < goal) await sleep(10);
    },
    async stop(): Promise<Set<string>> {
      running = false;
      await Promise.all(lanes);
      return acknowledged;
    },
  };
}
