import { DEFAULT_MAX_CONCURRENCY, type Destination } from '../model/configuration.ts';

/**
 * Limits the deliveries under way in this process, and the total length of their bodies. A destination gets at most its
 * own limit, and at most as many slots as are still free (a dynamic threshold), so slow destinations always leave a slot
 * for others. A body larger than the total limit is delivered alone. Lengths are in characters, as the store counts them.
 *
 * The end of the attempt frees the slot (`vacate`); what is left of the delivery is held until it is settled (`release`).
 */
export interface Slots {
  /** Takes a slot for a delivery to this destination; false when there is none, or no room for its body. */
  reserve(destination: Pick<Destination, 'id' | 'max_concurrency'>, length: number): boolean;
  /** Takes a slot without checking limits, for a delivery already leased to this process. */
  take(destination: string, length: number): void;
  /** Frees the slot of a delivery whose attempt has ended, and which still has to be settled. */
  vacate(destination: string): void;
  /** Gives back the room of a delivery that is settled, or won't be delivered; `vacate` comes first. */
  release(destination: string, length: number): void;
  /** Whether at most a quarter of what this destination may take is in use, unsettled ones included, of all slots and of the room for bodies as well. */
  isRoomy(destination: Pick<Destination, 'id' | 'max_concurrency'>): boolean;
  /** Holds half of what is free for a claim, at most what is asked for, until `release`; undefined if nothing is free. */
  hold(mostPlaces: number, mostLength: number): Hold | undefined;
  readonly free: number;
  readonly busy: number;
}

export interface Hold {
  places: number;
  /** Characters of bodies. */
  length: number;
  release(): void;
}

const ROOMY = 1 / 4;
/** Deliveries for each slot, attempted or to be settled: when nothing can be settled, no more are attempted. */
const LEASED_AT_MOST = 4;

/** @param maxLength total characters of the bodies under way */
export function createSlots(total: number, maxLength = Number.POSITIVE_INFINITY): Slots {
  const taken = createTally();
  /** Those in `taken`, and those to be settled. */
  const leased = createTally();
  let length = 0;
  /** Slots and characters held for the claim under way. */
  const held = { places: 0, length: 0 };

  const isFull = () => leased.total >= total * LEASED_AT_MOST;
  const free = () => (isFull() ? 0 : Math.max(0, total - taken.total - held.places));
  const room = () => Math.max(0, maxLength - length - held.length);

  function take(destination: string, bodyLength: number): void {
    taken.add(destination, 1);
    leased.add(destination, 1);
    length += bodyLength;
  }

  return {
    reserve(destination, bodyLength) {
      const limit = Math.min(destination.max_concurrency || DEFAULT_MAX_CONCURRENCY, free());
      if (taken.of(destination.id) >= limit) return false;
      const alone = leased.total + held.places === 0;
      if (bodyLength > room() && !alone) return false;
      take(destination.id, bodyLength);
      return true;
    },
    take,
    vacate(destination) {
      taken.add(destination, -1);
    },
    release(destination, bodyLength) {
      leased.add(destination, -1);
      length -= bodyLength;
    },
    isRoomy({ id, max_concurrency }) {
      const uses = [
        leased.of(id) / (max_concurrency || DEFAULT_MAX_CONCURRENCY),
        leased.total / total,
        length / maxLength,
      ];
      return uses.every((use) => use <= ROOMY);
    },
    hold(mostPlaces, mostLength) {
      if (free() === 0 || room() === 0) return undefined;
      const kept = {
        places: Math.min(Math.ceil(free() / 2), mostPlaces),
        length: Math.min(Math.ceil(room() / 2), mostLength),
      };
      held.places += kept.places;
      held.length += kept.length;
      return {
        ...kept,
        release() {
          held.places -= kept.places;
          held.length -= kept.length;
        },
      };
    },
    get free() {
      return free();
    },
    get busy() {
      return taken.total;
    },
  };
}

/** How many of each, and of all. */
function createTally() {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    add(name: string, count: number): void {
      const now = (counts.get(name) ?? 0) + count;
      if (now > 0) counts.set(name, now);
      else counts.delete(name);
      total += count;
    },
    of: (name: string): number => counts.get(name) ?? 0,
    get total() {
      return total;
    },
  };
}
