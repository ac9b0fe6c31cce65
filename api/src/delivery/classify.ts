import { STATUS_CODES } from 'node:http';
import type { Answer, DestinationType } from '../destinations/index.ts';
import type { Outcome } from '../model/delivery.ts';
import { describeBrokenAnswer, describeFailure } from './failures.ts';
import type { SendFailure, Sent } from './transport/transport.ts';

const MIN_RETRY_AFTER_MS = 1_000;
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Classifies the result of one attempt. The destination's type is asked first, since some answer 200 to a refusal. Once
 * a status was received it decides, even if the rest of the response is broken: the receiver may have taken the request,
 * and must not get it again only because we couldn't parse its response.
 * @param ownJudgement of the destination's expression, which decides alone what a success is
 */
export function classify(
  sent: Exclude<Sent, { kind: 'aborted' }>,
  type: DestinationType,
  now: number,
  ownJudgement?: (answer: Answer) => { success: true } | { why: string } | undefined,
): Outcome {
  const outcomeOf = (answer: Answer) => withOwnJudgement(judge(answer, type, now), ownJudgement?.(answer));
  if (sent.kind === 'answered') return outcomeOf(sent.answer);
  if (sent.answer) return withNote(outcomeOf(sent.answer), describeBrokenAnswer(sent.failure));
  return classifyFailure(sent.failure);
}

/** What is no success by the expression is one of the status's other outcomes, or else tried again. */
function withOwnJudgement(outcome: Outcome, own: { success: true } | { why: string } | undefined): Outcome {
  if (!own) return outcome;
  if ('success' in own) return { kind: 'success' };
  return outcome.kind === 'success' ? { kind: 'retry', error: own.why } : outcome;
}

function judge(answer: Answer, type: DestinationType, now: number): Outcome {
  const outcome = type.classify?.(answer, now) ?? classifyAnswer(answer, now);
  return outcome.kind === 'throttled' && outcome.retry_after_ms !== undefined
    ? { ...outcome, retry_after_ms: clamp(outcome.retry_after_ms) }
    : outcome;
}

function classifyFailure(failure: SendFailure): Outcome {
  if (failure.code === 'ERR_BLOCKED_ADDRESS') return { kind: 'blocked', error: failure.message };
  return { kind: 'retry', error: describeFailure(failure) };
}

function withNote(outcome: Outcome, note: string): Outcome {
  return outcome.kind === 'success' ? { ...outcome, note } : { ...outcome, error: `${outcome.error} ${note}` };
}

function classifyAnswer(answer: Answer, now: number): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'success' };
  const answered = `The destination answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (status === 410) return { kind: 'gone', error: `${answered}: it wants no more deliveries.` };
  if (status >= 300 && status < 400) return { kind: 'retry', error: `${answered}${redirectTarget(answer)}.` };
  const wait = retryAfter(answer, now);
  if (status === 429 || (status === 503 && wait !== undefined)) {
    return { kind: 'throttled', error: `${answered}: it asks to slow down.`, retry_after_ms: wait };
  }
  return { kind: 'retry', error: `${answered}.` };
}

/** Only the origin: the rest of a Location may hold a token. */
function redirectTarget({ headers }: Answer): string {
  const location = headers.location ?? '';
  const to = URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return `, a redirect${to}. Redirects are not followed; set the destination's URL to where it leads`;
}

/** Retry-After by RFC 9110, 10.2.3: seconds or an HTTP date, the obsolete forms of 5.6.7 and RFC 3339 included. */
function retryAfter({ headers }: Answer, now: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Date.parse alone would take "try 5" for a date.
  const date = DATE.test(text) ? Date.parse(ASCTIME.test(text) ? `${text} GMT` : text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date - now;
}

const DATE = /\d\d:\d\d:\d\d.*(?:GMT|UTC|Z|[+-]\d\d:?\d\d|\d{4})$/i;
/** `Sun Nov  6 08:49:37 1994`, in GMT. */
const ASCTIME = /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

function clamp(wait: number): number {
  return Math.ceil(Math.min(Math.max(wait, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS));
}
