import { Optional } from '@marcbachmann/cel-js';
import { failure } from './errors.ts';
import type { Meter } from './meter.ts';
import { shield } from './shield.ts';
import { MAX_TEXT, spend, weighWriting } from './work.ts';

/** Characters that a result may still take, so that no list of lists of lists grows without end. */
export interface Room {
  left: number;
  /** What writing the result costs is charged here. */
  meter: Meter;
}

export function makeRoom(meter: Meter): Room {
  return { left: MAX_TEXT, meter };
}

/**
 * What an expression came to → a JSON value: whole numbers up to 2^53 become plain numbers, larger ones stay
 * BigInt, times become RFC 3339 texts, durations texts such as `90s`. What JSON can't hold is refused.
 */
export function toJson(value: unknown, room: Room): unknown {
  take(room, typeof value === 'string' ? value.length + 2 : 4);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw failure('the result is not a number that JSON can hold');
      return value;
    case 'bigint':
      return fromInteger(value);
    case 'object':
      return value === null ? null : fromObject(value, room);
    default:
      throw failure('the result is not a value that JSON can hold');
  }
}

function fromObject(value: object, room: Room): unknown {
  if (Array.isArray(value)) return value.map((element) => toJson(element, room));
  if (value instanceof Map) return fromEntries(value.entries(), room);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return fromEntries(Object.entries(value), room);
  if (value instanceof Optional) return toJson(value.value(), room);
  if (value instanceof Date) return value.toISOString();
  const plain: unknown = value.valueOf();
  if (typeof plain === 'bigint') return fromInteger(plain);
  if (typeof plain === 'number') return String(value);
  throw failure('the result is not a value that JSON can hold');
}

function fromEntries(entries: Iterable<[unknown, unknown]>, room: Room): unknown {
  const members: [string, unknown][] = [];
  for (const [key, member] of entries) {
    const name = String(key);
    take(room, name.length + 3);
    members.push([name, toJson(member, room)]);
  }
  // Object.fromEntries defines members, where an assignment to `__proto__` would replace the prototype.
  return shield(Object.fromEntries(members));
}

function fromInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function take(room: Room, characters: number): void {
  spend(room.meter, weighWriting(characters));
  room.left -= characters;
  if (room.left < 0) throw failure(`the result is larger than ${MAX_TEXT} characters`);
}
