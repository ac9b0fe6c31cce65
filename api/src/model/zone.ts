const MINUTE = 60_000;
/** Every zone's offset changes on a quarter of an hour. */
const QUARTER = 15 * MINUTE;
const REMEMBERED_OFFSETS = 512;

/** A time zone's days and clock. Times are milliseconds since the epoch. */
export interface Zone {
  name: string;
  /** What its clocks are ahead of UTC at that moment, in milliseconds. */
  offsetAt(time: number): number;
}

/** @throws RangeError: there is no such zone */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return {
    name,
    offsetAt(time) {
      const quarter = Math.floor(time / QUARTER);
      const offset = known.get(quarter) ?? readOffset(format, quarter * QUARTER);
      if (known.size >= REMEMBERED_OFFSETS) known.clear();
      known.set(quarter, offset);
      return offset;
    },
  };
}

/** `GMT+05:30` → milliseconds; UTC itself is written `GMT`. */
function readOffset(format: Intl.DateTimeFormat, time: number): number {
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1_000;
  return sign === '-' ? -size : size;
}
