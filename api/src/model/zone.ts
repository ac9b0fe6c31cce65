const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Every zone's offset changes on a quarter of an hour. */
const QUARTER = 15 * MINUTE;
const REMEMBERED = 512;

/** A time zone's days and clock. Times are milliseconds since the epoch. */
export interface Zone {
  name: string;
  /** What its clocks are ahead of UTC at that moment, in milliseconds. */
  offsetAt(time: number): number;
}

/** @throws RangeError: there is no such zone */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const ofQuarter = remember((quarter) => readOffset(format, quarter * QUARTER));
  /** Null: it changes on that day of UTC. To ask the format is slow, and nearly all days have one offset. */
  const ofDay = remember((day) => {
    const [first, next] = [readOffset(format, day * DAY), readOffset(format, (day + 1) * DAY)];
    return first === next ? first : null;
  });
  return {
    name,
    offsetAt: (time) => ofDay(Math.floor(time / DAY)) ?? ofQuarter(Math.floor(time / QUARTER)),
  };
}

/** The same where there is no such zone in this process: UTC's. */
export function zoneOrUtc(name: string): Zone {
  try {
    return createZone(name);
  } catch {
    return createZone('UTC');
  }
}

function remember<T>(read: (number: number) => T): (number: number) => T {
  const known = new Map<number, T>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const value = read(number);
    if (known.size >= REMEMBERED) known.clear();
    known.set(number, value);
    return value;
  };
}

/** `GMT+05:30` → milliseconds; UTC itself is written `GMT`. */
function readOffset(format: Intl.DateTimeFormat, time: number): number {
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1_000;
  return sign === '-' ? -size : size;
}
