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

/** What each outcome makes of its delivery: the only place that decides it. */
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

/** Dead when there is no further try, or it would come after the delivery's time has run out. */
function later(delay: number | undefined, usedTry: boolean, delivery: Progress, deps: TransitionDeps): NextState {
  if (delay === undefined || deps.now + delay >= delivery.expires_at) return { ...final('dead'), used_try: usedTry };
  return { state: 'pending', retry_in_ms: delay, used_try: usedTry };
}

/** Uses no try at first: the receiver is well. One that asks for it again and again is treated like one that is not. */
function slowDown(asked: number | undefined, delivery: Progress, deps: TransitionDeps): NextState {
  // A retry by hand sets tries back but not attempts, so these are counted over all of the delivery's life.
  const throttles = delivery.attempts_made - delivery.tries_used;
  const pause = asked === undefined ? unaskedPause(delivery, deps) : throttlePause(asked, throttles, deps.random);
  if (throttles < FREE_THROTTLES || pause === undefined) return later(pause, false, delivery, deps);
  const scheduled = nextDelay(deps.schedule, delivery.tries_used + 1, deps.random);
  return later(scheduled === undefined ? undefined : Math.max(pause, scheduled), true, delivery, deps);
}

/** Throttled without a time: the schedule's pauses by attempts, the last one again and again, so that it backs off though no try is used. */
function unaskedPause(delivery: Progress, { schedule, random }: TransitionDeps): number | undefined {
  return nextDelay(schedule, Math.min(delivery.attempts_made + 1, schedule.length - 1), random);
}
