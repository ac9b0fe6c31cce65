const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, or how soon: "now", "12 s ago", "in 4 min"; beyond a week the date. */
export function relativeTime(time: number, now: number): string {
  const away = Math.abs(now - time);
  if (away < SECOND) return 'now';
  if (away >= 7 * DAY) {
    const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
    return new Date(time).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'short',
      ...(sameYear ? {} : { year: 'numeric' }),
    });
  }
  const span = roughSpan(away);
  return now >= time ? `${span} ago` : `in ${span}`;
}

function roughSpan(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** To the millisecond, in the viewer's zone, which it names: "27 Nov 2026, 13:45:02.123 GMT+1". */
export function exactTime(time: number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return parts.format(time);
}

/** A time as the browser's own field for times has it, to the minute, in the viewer's zone: "2026-11-27T13:45". */
export function localMinute(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * MINUTE);
  return local.toISOString().slice(0, 16);
}

/** A measured time: "0.4 ms", "12 ms", "1.2 s", "3 min 5 s", "2 h 4 min". */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  if (ms < HOUR) return twoUnits(Math.round(ms / SECOND), 60, 'min', 's');
  if (ms < DAY) return twoUnits(Math.round(ms / MINUTE), 60, 'h', 'min');
  return twoUnits(Math.round(ms / HOUR), 24, 'd', 'h');
}

function twoUnits(smaller: number, each: number, larger: string, unit: string): string {
  const rest = smaller % each;
  const whole = `${Math.floor(smaller / each)} ${larger}`;
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
