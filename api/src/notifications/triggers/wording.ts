const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `90 minutes`, `1.5 hours`, as a person would say it. */
export function duration(seconds: number): string {
  if (seconds < 90 * MINUTE)
    return counted(Math.max(Math.round(seconds / MINUTE), 1), 'minute').replace(/^60 minutes$/, '1 hour');
  if (seconds < 36 * HOUR) return counted(Math.round((seconds / HOUR) * 10) / 10, 'hour');
  return counted(Math.round((seconds / DAY) * 10) / 10, 'day');
}

/** `1 visitor`, `1,200 visitors`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
