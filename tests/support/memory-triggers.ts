import type { TriggerAdvance } from '../../api/src/store/queue.ts';
import type { TriggerStore } from '../../api/src/store/triggers.ts';
import type { MemoryStore } from './memory-store.ts';

const PAUSE_MS = 60_000;

/** Where triggers stand, without a database: the semantics of the PocketBase service's routes. */
export function createMemoryTriggers(store: MemoryStore, owner: string): TriggerStore {
  return {
    async lease(leaseMs) {
      const now = store.now();
      const before = store.evaluator;
      const free = !before || before.expires_at <= now;
      const own = before?.owner === owner;
      const held = own || (free && leaseMs > 0);
      const counting_since = before && now - before.expires_at <= PAUSE_MS ? before.counting_since : now;
      const epoch = (before?.epoch ?? 0) + (held && !own ? 1 : 0);
      if (held) store.evaluator = { owner, epoch, expires_at: now + leaseMs, counting_since };
      return { held, epoch, counting_since, now };
    },
    readLease: async () => {
      const { epoch = 0, counting_since = store.now() } = store.evaluator ?? {};
      return { held: false, epoch, counting_since, now: store.now() };
    },
    readStates: async (triggers) =>
      [...store.triggerStates]
        .filter(([trigger]) => !triggers || triggers.includes(trigger))
        .map(([trigger, { epoch, state }]) => ({ trigger, epoch, state: structuredClone(state) })),
    save: async (items) => items.map((item) => advance(store, item)),
  };
}

/** False: it is stale, and nothing changed. */
export function advance(store: MemoryStore, { trigger, epoch, state_epoch, state }: TriggerAdvance): boolean {
  const before = store.triggerStates.get(trigger)?.epoch ?? 0;
  if (store.evaluator?.epoch !== epoch || before !== state_epoch) return false;
  store.triggerStates.set(trigger, { epoch: before + 1, state: JSON.parse(JSON.stringify(state)) });
  return true;
}
