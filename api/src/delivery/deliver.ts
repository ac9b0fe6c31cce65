import { type Answer, DESTINATION_TYPES } from '../destinations/index.ts';
import type { Destination } from '../model/configuration.ts';
import type { Attempt, LeasedDelivery, Outcome } from '../model/delivery.ts';
import { MAX_HOPS } from '../model/hops.ts';
import type { Clock, Random } from '../model/ids.ts';
import { giveBack, type Settlement } from '../store/queue.ts';
import { classify } from './classify.ts';
import type { MaskEcho } from './echo.ts';
import { fillDestination } from './fill.ts';
import { buildRequest } from './request.ts';
import { parseSchedule } from './schedule.ts';
import type { JudgeSuccess } from './success.ts';
import { transition } from './transition.ts';
import type { Transport } from './transport/transport.ts';

export interface DeliverDeps {
  transport: Pick<Transport, 'send'>;
  maskEcho: MaskEcho;
  judgeSuccess: JudgeSuccess;
  now: Clock;
  random: Random;
  makeId: () => string;
  /** `Pockethook/<version>`. */
  userAgent: string;
  /** Retry schedule of destinations without one of their own: milliseconds before each try. */
  defaultSchedule: readonly number[];
}

const MAX_ERROR_LENGTH = 300;
const LOOP =
  `Nothing was sent: Pockethook has passed this event on ${MAX_HOPS} times already (many deliveries count more), so it seems to go round in a loop. ` +
  'Look for a destination that leads back to an ingest URL; all rounds have the same correlation id.';

/**
 * Makes one attempt: check expiry and loops → build and sign → send → redact echoed secrets → classify → transition.
 * If `signal` aborts it, the lease is given back without an attempt.
 */
export async function deliver(
  delivery: LeasedDelivery,
  destination: Destination,
  signal: AbortSignal,
  deps: DeliverDeps,
): Promise<Settlement> {
  const startedAt = deps.now();
  const tried = await attempt(delivery, destination, signal, deps);
  // On shutdown: due at once, for another process or for this one after its restart.
  if (tried === 'aborted') return giveBack(delivery);
  const endedAt = deps.now();
  const schedule = (destination.retry_schedule && parseSchedule(destination.retry_schedule)) ?? deps.defaultSchedule;
  return {
    delivery: delivery.id,
    lease_token: delivery.lease_token,
    attempt: record(delivery, tried, { id: deps.makeId(), startedAt, endedAt }),
    next: transition(tried.outcome, delivery, { schedule, now: endedAt, random: deps.random }),
  };
}

interface Tried {
  outcome: Outcome;
  answer?: Answer | undefined;
}

async function attempt(
  delivery: LeasedDelivery,
  destination: Destination,
  signal: AbortSignal,
  deps: DeliverDeps,
): Promise<Tried | 'aborted'> {
  if (deps.now() >= delivery.expires_at) {
    return {
      outcome: {
        kind: 'expired',
        error: 'The time for this delivery ran out; nothing was sent. Replay its event to send it.',
      },
    };
  }
  const type = DESTINATION_TYPES[destination.type];
  if (!type.sends) return { outcome: { kind: 'success' } };
  if (delivery.event.hops >= MAX_HOPS) return { outcome: { kind: 'loop', error: LOOP } };
  const filled = fillDestination(delivery, destination);
  if ('error' in filled) return { outcome: { kind: 'permanent', error: filled.error } };
  const request = buildRequest(delivery, filled, deps);
  const sent = await deps.transport.send(request, signal);
  if (sent.kind === 'aborted') return 'aborted';
  // Redact before classifying: error texts quote the response.
  const masked = withAnswer(sent, (answer) => deps.maskEcho(answer, filled, request.headers));
  return {
    outcome: classify(masked, type, deps.now(), (answer) => deps.judgeSuccess(answer, destination)),
    answer: masked.answer,
  };
}

function withAnswer<T extends Pick<Tried, 'answer'>>(sent: T, change: (answer: Answer) => Answer): T {
  return sent.answer ? { ...sent, answer: change(sent.answer) } : sent;
}

function record(
  delivery: LeasedDelivery,
  { outcome, answer }: Tried,
  { id, startedAt, endedAt }: { id: string; startedAt: number; endedAt: number },
): Attempt {
  return {
    id,
    number: delivery.attempts_made + 1,
    started_at: new Date(startedAt).toISOString(),
    duration_ms: Math.max(0, endedAt - startedAt),
    status: answer?.status ?? 0,
    outcome: outcome.kind,
    error: messageOf(outcome).slice(0, MAX_ERROR_LENGTH),
    response_headers: answer?.headers ?? {},
    response_body: answer?.body ?? '',
  };
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'success' ? (outcome.note ?? '') : outcome.error;
}
