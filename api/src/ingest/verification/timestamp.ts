import { refused, type Verification } from './scheme.ts';

/** Largest difference in either direction, in milliseconds: refuses replayed requests and producers with a wrong clock. */
const TOLERANCE_MS = 5 * 60_000;

/** Undefined if the time is within the tolerance. `name` is the header, `timestamp` its value. */
export function checkTimestamp(name: string, timestamp: string, now: number): Verification | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused('timestamp_invalid', `${name} must be the seconds since 1970, in digits.`);
  }
  const ahead = Number(timestamp) * 1000 - now;
  if (Math.abs(ahead) <= TOLERANCE_MS) return undefined;
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return refused(
    'timestamp_out_of_tolerance',
    `${name} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this server's clock; up to ${TOLERANCE_MS / 1000} s are accepted. Check both clocks; sign again when a request is repeated.`,
  );
}
