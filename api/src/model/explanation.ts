import type { Decision } from './event.ts';

/** A value of the event that an expression read. */
export interface SeenValue {
  /** Such as `body.pull_request.draft`. */
  path: string;
  /** JSON, at most 100 characters, then cut; null: the event has nothing there. */
  value: string | null;
}

/** What became of one part between `&&`, and the values that it read. */
export interface ClauseResult {
  clause: string;
  /** `missing`: the event lacks a key that the clause reads, which counts as false. */
  result: 'true' | 'false' | 'missing' | 'error';
  /** With `error`. */
  message?: string;
  values: SeenValue[];
}

/** `values`: what the failing clause read, when it was filtered out and the clause is not too long to be kept whole. */
export type AcceptedDecision = Decision & { values?: SeenValue[] };

/** What the rules of now would decide. Nothing is planned, so there is no delivery; `clauses` are all of the filter's. */
export type CurrentDecision = { clauses: ClauseResult[] } & (
  | { outcome: 'delivery' }
  | { outcome: 'held'; reason: string }
  | { outcome: 'filtered'; clause: string }
  | { outcome: 'disabled' }
  | { outcome: 'error'; where: string; message: string }
);

export interface Explanation {
  event: string;
  /** Empty: a trigger raised it. */
  source: string;
  /** Empty: its source took it in. */
  trigger: string;
  /** The event type as it was found then, and as the source's expressions of now find it; null: the source is gone. */
  event_type: { at_accept: string; now: string | null };
  /** Every mapping that decided then, or would decide now. */
  mappings: ExplainedMapping[];
}

export interface ExplainedMapping {
  mapping: string;
  destination: string;
  /** Null: it was not there, or led elsewhere. */
  at_accept: AcceptedDecision | null;
  /** Null: it is gone, or leads elsewhere. */
  now: CurrentDecision | null;
}
