import { EvaluationError } from '@marcbachmann/cel-js';
import { createZone, type Zone } from '../model/zone.ts';
import { failure } from './errors.ts';

/**
 * What the library's functions of times get wrong, by name: it takes fractions of a few lengths only, rolls 30 February over, takes
 * times without an offset for the server's own, and counts days across a change of the clocks. `undefined`: that call is
 * the library's. The answers are cel-go's (tests/shared/times.json), but for the precision of milliseconds.
 */
export const TIME_FUNCTIONS: Record<string, ((args: unknown[]) => unknown) | undefined> = {
  timestamp: ([text]) => (typeof text === 'string' ? parseTime(text) : undefined),
  getFullYear: ofWall((wall) => wall.getUTCFullYear()),
  getMonth: ofWall((wall) => wall.getUTCMonth()),
  getDate: ofWall((wall) => wall.getUTCDate()),
  getDayOfMonth: ofWall((wall) => wall.getUTCDate() - 1),
  getDayOfWeek: ofWall((wall) => wall.getUTCDay()),
  getDayOfYear: ofWall((wall) => (startOfDay(wall) - Date.UTC(wall.getUTCFullYear(), 0, 1)) / DAY),
  getHours: ofWall((wall) => wall.getUTCHours()),
  getMinutes: ofWall((wall) => wall.getUTCMinutes()),
  getSeconds: ofWall((wall) => wall.getUTCSeconds()),
  getMilliseconds: ofWall((wall) => wall.getUTCMilliseconds()),
};

const MINUTE = 60_000;
const DAY = 86_400_000;
/** From the year 1 to 9999. */
const FIRST_TIME = -62_135_596_800_000;
const LAST_TIME = 253_402_300_799_999;

/** RFC 3339; and as many producers write it: a blank for `T`, small letters, an offset without its colon or its minutes. */
const TIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

function parseTime(text: string): Date {
  const [, date, clock, fraction = '', sign, hours = '0', minutes = '0'] = TIME.exec(text) ?? [];
  const wall = Date.parse(`${date}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  // A day or an hour that doesn't exist would be rolled over.
  const exists = new Date(wall || 0).toISOString().startsWith(`${date}T${clock}`);
  const time = sign === '-' ? wall + offset : wall - offset;
  if (!exists || Number(hours) > 23 || Number(minutes) > 59 || time < FIRST_TIME || time > LAST_TIME)
    throw new EvaluationError({ code: 'invalid_timestamp', message: 'invalid timestamp' });
  return new Date(time);
}

function ofWall(read: (wall: Date) => number): (args: unknown[]) => bigint | undefined {
  return ([time, zone]) => {
    if (!(time instanceof Date)) return undefined;
    return BigInt(read(typeof zone === 'string' ? wallAt(time, zone).wall : time));
  };
}

/**
 * What the clock on the wall of a zone shows, as if it were UTC's, and what it is ahead of UTC, in milliseconds.
 * @param zone `Europe/Berlin` or `+05:30`
 */
export function wallAt(time: Date, zone: string): { wall: Date; offset: number } {
  const offset = offsetAt(zone, time.getTime());
  return { wall: new Date(time.getTime() + offset), offset };
}

function startOfDay(wall: Date): number {
  return Math.floor(wall.getTime() / DAY) * DAY;
}

const FIXED_OFFSET = /^([+-]?)(\d\d):(\d\d)$/;
/** Names come from expressions and from payloads. */
const MAX_ZONES = 100;
const zones = new Map<string, Zone>();

function offsetAt(name: string, time: number): number {
  const [, sign, hours, minutes] = FIXED_OFFSET.exec(name) ?? [];
  if (hours !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
  let zone = zones.get(name);
  if (!zone) {
    try {
      zone = createZone(name);
    } catch {
      throw failure('there is no such time zone; names are such as "Europe/Berlin", "UTC" or "+05:30"');
    }
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone.offsetAt(time);
}
