import type { Outcome } from '../model/delivery.ts';
import { cut } from './text.ts';
import type { Answer } from './type.ts';

const MAX_REASON = 200;

/**
 * Statuses after which trying again can't help: what a chat service refuses once, it refuses always. Repeating
 * 401, 403 and 404 can get an IP address banned as well.
 */
export const PERMANENT: ReadonlySet<number> = new Set([400, 401, 403, 404, 413]);

/** Of those, the ones that are about the message and not about where it goes. */
export function isAboutMessage({ status }: Answer): boolean {
  return status === 400 || status === 413;
}

/** One sentence that says what was answered and one that says what to do, within what an attempt keeps of an error. */
export function refusal(vendor: string, { status }: Answer, reason: string, advice: string): string {
  const answered = `${vendor} answered ${status}${reason && `: ${reason}`}`;
  return `${cut(answered.replace(/\.?$/, ''), MAX_REASON)}. ${advice}`;
}

/** A 429 that says how long to wait in its body. */
export function throttled(vendor: string, seconds: number): Outcome {
  return {
    kind: 'throttled',
    error: `${vendor} asks to wait ${seconds} s (429 Too Many Requests).`,
    retry_after_ms: Math.ceil(seconds * 1000),
  };
}

/** Seconds as vendors write them in JSON; undefined: there are none. */
export function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
