import type { Source } from '../model/configuration.ts';
import type { Decision, Event, VerificationFailure } from '../model/event.ts';
import type { ProblemCode } from '../model/problems.ts';
import type { AcceptResult } from '../store/queue.ts';
import type { Drafted } from '../store/submission.ts';
import type { HandshakeAnswer } from './handshakes/index.ts';
import type { ProducerAnswer } from './producer-answer.ts';

/** What a request came to. */
export type IngestResult =
  /** `begun`: this process delivers it at once. */
  | { status: 'accepted'; id: string; type: string; decisions: Decision[]; begun?: true; answer?: ProducerAnswer }
  /** An event with the same dedupe key was stored before, under this id. */
  | { status: 'duplicate'; id: string; answer?: ProducerAnswer }
  /** Of a request that was split: each of its events, in their order. */
  | { status: 'batch'; events: TakenEvent[]; answer?: ProducerAnswer }
  /** A vendor's handshake (URL verification), and the answer it expects. Nothing was stored. */
  | { status: 'handshake'; answer: HandshakeAnswer }
  /** Nothing was stored. `retryAfter` in seconds. */
  | {
      status: 'refused';
      code: ProblemCode;
      detail: string;
      retryAfter?: number;
      verification_failure?: VerificationFailure;
      /** How a malformed body begins, credentials masked. */
      body_excerpt?: string;
    };

/** An event of a request that was split. */
export interface TakenEvent {
  /** Of a duplicate, the first event's. */
  id: string;
  duplicate: boolean;
  decisions: Decision[];
}

/** What the producer is answered with in place of the usual answer goes with what was taken. */
export function withAnswer(result: IngestResult, answer: ProducerAnswer | undefined): IngestResult {
  const isTaken = result.status === 'accepted' || result.status === 'duplicate' || result.status === 'batch';
  return isTaken && answer ? { ...result, answer } : result;
}

/** The refusal when a source has used up its rate limit. */
export function tooMany({ name, rate_limit }: Source, wait: number): { detail: string; retryAfter: number } {
  return {
    detail: `The source ${name} takes ${rate_limit} events a second. Send the same request again after ${wait} s, or raise its rate_limit.`,
    retryAfter: wait,
  };
}

/** The refusal of a handshake that brings another secret than the source has: whoever came first is believed. */
export function otherSecret({ name }: Source): IngestResult {
  const detail = `The source ${name} has a secret, and this handshake brings another. If it is the webhook that shall count, take the secret out of the source and have the vendor try again; a further webhook needs a source of its own.`;
  return { status: 'refused', code: 'conflict', detail };
}

export function toResult(event: Event, result: AcceptResult): IngestResult {
  switch (result.status) {
    case 'accepted':
      return {
        status: 'accepted',
        id: event.id,
        type: event.type,
        decisions: event.decisions,
        ...(result.leased.length > 0 && { begun: true as const }),
      };
    case 'duplicate':
      return result;
    case 'failed':
      return notStored(result.message);
    default:
      throw new Error(`an event was stored as ${result.status}`);
  }
}

export function toBatchResult(taken: Drafted[], result: AcceptResult): IngestResult {
  if (result.status === 'failed') return notStored(result.message);
  if (result.status !== 'batch') throw new Error(`a batch was stored as ${result.status}`);
  const events = result.results.map((one, index): TakenEvent => {
    const { id, decisions } = (taken[index] as Drafted).event;
    return one.status === 'accepted'
      ? { id, duplicate: false, decisions }
      : { id: one.id, duplicate: true, decisions: [] };
  });
  return { status: 'batch', events };
}

function notStored(message: string): IngestResult {
  return { status: 'refused', code: 'malformed_body', detail: `The event can't be stored: ${message}` };
}
