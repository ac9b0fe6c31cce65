/** How far back a chart goes. */
export type Range = '24h' | '7d' | '30d';

export const RANGES: readonly { value: Range; label: string }[] = [
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
];

const HOUR = 3_600_000;
const HOURS: Record<Range, number> = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 };

export function rangeOf(text: string | undefined): Range {
  return RANGES.find(({ value }) => value === text)?.value ?? '24h';
}

export function beginOf(range: Range, now: number): Date {
  return new Date(now - HOURS[range] * HOUR);
}
