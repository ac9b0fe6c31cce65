import { DEFAULT_MAX_CONCURRENCY, type Destination } from '../model/configuration.ts';

/**
 * The places for deliveries under way in this process, and the room for their bodies. A destination gets no more than its
 * own limit, and no more than are still free (a dynamic threshold): however many slow destinations there are, a place
 * is left for others. A body that is larger than all room goes alone. Lengths are characters, as the store has them.
 */
export interface Slots {
  /** Takes a place for a delivery to this destination; false when there is none, or no room for its body. */
  reserve(destination: Pick<Destination, 'id' | 'max_concurrency'>, length: number): boolean;
  /** Takes a place whatever the limits say: for what the store has leased to this process already. */
  take(destination: string, length: number): void;
  release(destination: string, length: number): void;
  /** Keeps half of what is free for a claim, but no more than asked for, until `release` is called; undefined: nothing is free. */
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

/** @param maxLength characters of the bodies under way together */
export function createSlots(total: number, maxLength = Number.POSITIVE_INFINITY): Slots {
  const byDestination = new Map<string, number>();
  let busy = 0;
  let length = 0;
  /** What a claim under way may bring. */
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
