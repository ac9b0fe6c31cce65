import { DEFAULT_MAX_CONCURRENCY, type Destination } from '../model/configuration.ts';

/**
 * The places for deliveries under way in this process. A destination gets no more than its own limit, and no
 * more than are still free (a dynamic threshold): however many slow destinations there are, a place is left for others.
 */
export interface Slots {
  /** Takes a place for a delivery to this destination; false when there is none. */
  reserve(destination: Pick<Destination, 'id' | 'max_concurrency'>): boolean;
  /** Takes a place whatever the limits say: for what the store has leased to this process already. */
  take(destination: string): void;
  release(destination: string): void;
  readonly free: number;
  readonly busy: number;
}

export function createSlots(total: number): Slots {
  const byDestination = new Map<string, number>();
  let busy = 0;

  function take(destination: string): void {
    busy++;
    byDestination.set(destination, (byDestination.get(destination) ?? 0) + 1);
  }

  return {
    reserve(destination) {
      const limit = Math.min(destination.max_concurrency || DEFAULT_MAX_CONCURRENCY, total - busy);
      if ((byDestination.get(destination.id) ?? 0) >= limit) return false;
      take(destination.id);
      return true;
    },
    take,
    release(destination) {
      const left = (byDestination.get(destination) ?? 0) - 1;
      if (left > 0) byDestination.set(destination, left);
      else byDestination.delete(destination);
      busy--;
    },
    get free() {
      return Math.max(0, total - busy);
    },
    get busy() {
      return busy;
    },
  };
}
