import type { Schemas } from '../../../client/schemas.ts';

type Counts = Schemas['TrafficCounts'];

/** Of all attempts those that did not fail, 0 to 1; null: there was none. */
export function successRate({ attempts, failed_attempts }: Counts): number | null {
  return attempts === 0 ? null : 1 - failed_attempts / attempts;
}

/** "0.4", "12", "1,234": an average with as many digits as help. */
export function perMinute(count: number, seconds: number): string {
  const rate = count / (seconds / 60);
  if (rate === 0) return '0';
  if (rate < 0.1) return '< 0.1';
  return rate < 10 ? String(Number(rate.toFixed(1))) : Math.round(rate).toLocaleString('en-GB');
}

/** Never "100%" while something failed. */
export function percent(share: number): string {
  const rounded = Math.min(Number((share * 100).toFixed(share > 0.9 ? 2 : 1)), share < 1 ? 99.99 : 100);
  return `${rounded} %`;
}

/** How a count stands to the time before: "12 % more", "half as many", "as many"; undefined: nothing to compare with. */
export function change(now: number, before: number): string | undefined {
  if (before === 0) return now === 0 ? undefined : 'none before';
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.01) return 'as many as before';
  if (ratio >= 3) return `${Math.round(ratio)} times as many as before`;
  const parts = Math.round(Math.abs(ratio - 1) * 100);
  return `${parts} % ${ratio > 1 ? 'more' : 'fewer'} than before`;
}
