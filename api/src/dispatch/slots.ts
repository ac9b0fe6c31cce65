import { DEFAULT_MAX_CONCURRENCY, type Destination } from '../model/configuration.ts';

/**
 * Limits the deliveries under way in this process, and the total length of their bodies. A destination gets at most its
 * own limit, and at most as many slots as are still free (a dynamic threshold), so slow destinations always leave a slot
 * for others. A body larger than the total limit is delivered alone. Lengths are in characters, as the store counts them.
 */
export interface Slots {
  /** Takes a slot for a delivery to this destination; false when there is none, or no room for its body. */
  reserve(destination: Pick<Destination, 'id' | 'max_concurrency'>, length: number): boolean;
  /** Takes a slot without checking limits, for a delivery already leased to this process. */
  take(destination: string, length: number): void;
  release(destination: string, length: number): void;
  /** Whether at most a quarter of what this destination may take is in use, of all slots and of the room for bodies as well. */
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

/** @param maxLength total characters of the bodies under way */
export function createSlots(total: number, maxLength = Number.POSITIVE_INFINITY): Slots {
  const byDestination = new Map<string, number>();
  let busy = 0;
  let length = 0;
  /** Slots and characters held for the claim under way. */
  const held = { places: 0, length: 0 };

  const free = () => Math.max(0, total - busy - held.places);
  const room = () => Math.max(0, maxLength - length - held.length);

  function take(destination: string, bodyLength: number): void {
    busy++;
    length += bodyLength;
    byDestination.set(destination, (byDestination.get(destination) ?? 0) + 1);
  }

  return {
    reserve(destination, bodyLength) {
      const limit = Math.min(destination.max_concurrency || DEFAULT_MAX_CONCURRENCY, free());
      if ((byDestination.get(destination.id) ?? 0) >= limit) return false;
      const alone = busy + held.places === 0;
      if (bodyLength > room() && !alone) return false;
      take(destination.id, bodyLength);
      return true;
    },
    take,
    release(destination, bodyLength) {
      const left = (byDestination.get(destination) ?? 0) - 1;
      if (left > 0) byDestination.set(destination, left);
      else byDestination.delete(destination);
      busy--;
      length -= bodyLength;
    },
    isRoomy({ id, max_concurrency }) {
      const own = byDestination.get(id) ?? 0;
      const uses = [own / (max_concurrency || DEFAULT_MAX_CONCURRENCY), busy / total, length / maxLength];
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
      return busy;
    },
  };
}
