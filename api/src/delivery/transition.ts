import type { LeasedDelivery, Outcome } from '../model/delivery.ts';
import type { Random } from '../model/ids.ts';
import type { NextState } from '../store/queue.ts';
import { FREE_THROTTLES, nextDelay, throttlePause } from './schedule.ts';

export interface TransitionDeps {
  /** Delays before each try, in milliseconds. */
  schedule: readonly number[];
  now: number;
  random: Random;
}

type Progress = Pick<LeasedDelivery, 'attempts_made' | 'tries_used' | 'expires_at'>;
type Transition<K extends Outcome['kind']> = (
  outcome: Extract<Outcome, { kind: K }>,
  delivery: Progress,
  deps: TransitionDeps,
) => NextState;

/** The next state of a delivery for each outcome of an attempt. No other code decides this. */
const TRANSITIONS: { [K in Outcome['kind']]: Transition<K> } = {
  success: () => final('delivered'),
  retry: (_, delivery, deps) =>
    later(nextDelay(deps.schedule, delivery.tries_used + 1, deps.random), true, delivery, deps),
  throttled: ({ retry_after_ms }, delivery, deps) => slowDown(retry_after_ms, delivery, deps),
  permanent: () => final('dead'),
  gone: ({ error }) => ({ ...final('dead'), disable_destination: error }),
  blocked: () => final('dead'),
  expired: () => ({ ...final('expired'), used_try: false }),
  loop: () => ({ ...final('dead'), used_try: false }),
};

export function transition(outcome: Outcome, delivery: Progress, deps: TransitionDeps): NextState {
  return (TRANSITIONS[outcome.kind] as Transition<Outcome['kind']>)(outcome, delivery, deps);
}

function final(state: 'delivered' | 'dead' | 'expired'): NextState {
  return { state, retry_in_ms: 0, used_try: true };
}

/** Pending again, or dead if the schedule is used up or the next try would be after the delivery's expiry. */
function later(delay: number | undefined, usedTry: boolean, delivery: Progress, deps: TransitionDeps): NextState {
  if (delay === undefined || deps.now + delay >= delivery.expires_at) return { ...final('dead'), used_try: usedTry };
  return { state: 'pending', retry_in_ms: delay, used_try: usedTry };
}

/** Uses no try at first, since the receiver works. After FREE_THROTTLES each further throttling uses one, as a failure does. */
function slowDown(asked: number | undefined, delivery: Progress, deps: TransitionDeps): NextState {
  // A manual retry resets tries but not attempts, so throttles are counted over the delivery's whole life.
  const throttles = delivery.attempts_made - delivery.tries_used;
  const pause = asked === undefined ? unaskedPause(delivery, deps) : throttlePause(asked, throttles, deps.random);
  if (throttles < FREE_THROTTLES || pause === undefined) return later(pause, false, delivery, deps);
  const scheduled = nextDelay(deps.schedule, delivery.tries_used + 1, deps.random);
  return later(scheduled === undefined ? undefined : Math.max(pause, scheduled), true, delivery, deps);
}

/** The wait without Retry-After: the schedule's delay for this number of attempts, its last one from then on. */
function unaskedPause(delivery: Progress, { schedule, random }: TransitionDeps): number | undefined {
  return nextDelay(schedule, Math.min(delivery.attempts_made + 1, schedule.length - 1), random);
}
