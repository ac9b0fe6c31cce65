import type PocketBase from 'pocketbase';
import { stringifyJson } from '../../expressions/index.ts';
import { Problem } from '../../model/problems.ts';
import type { AccountScope } from '../records.ts';
import { callerOf, type Write } from '../write.ts';
import { TRY_MS, untilAnswered } from './call.ts';
import { toStoreProblem } from './faults.ts';
import { pick } from './rows.ts';
import { withModelTimes } from './times.ts';

/** A change of one record over PocketBase's own routes. */
export interface RecordChange {
  method: 'POST' | 'PATCH' | 'DELETE';
  collection: string;
  /** Absent for a new one. */
  id?: string;
  body?: object;
  /** Of the answer. */
  fields?: string;
  /** Whose records the caller may touch; the service sees to it in the transaction of the change. */
  scope: AccountScope;
  /** Names the record in problems. */
  what: string;
  /** The code when PocketBase refuses and names no field. */
  refusal?: 'conflict';
}

/** `repeated`: an earlier request with the same key made the change to the record `id`. */
export type RecordAnswer<T> = ({ repeated?: never } & T) | { repeated: true; id: string };

/**
 * Makes a change that is the same change however often it is sent (pocketbase/internal/audit/once.go): without an answer it is sent
 * again until the time is up.
 * @throws Problem `store_unavailable` when the outcome is unknown, and what `toStoreProblem` makes of a refusal
 */
export async function changeRecord<T extends object>(
  pb: PocketBase,
  write: Write,
  change: RecordChange,
): Promise<RecordAnswer<T>> {
  const { method, collection, id, body, fields, scope, what, refusal } = change;
  const caller = { ...callerOf(write), ...(scope !== undefined && { scope }) };
  return untilAnswered(async (first) => {
    try {
      const stored = await pb.send<object>(
        `/api/collections/${collection}/records${id === undefined ? '' : `/${encodeURIComponent(id)}`}`,
        {
          method,
          signal: AbortSignal.timeout(TRY_MS),
          ...(body && { body: stringifyJson(body) }),
          headers: { 'content-type': 'application/json', 'x-pockethook-caller': inAscii(JSON.stringify(caller)) },
        },
      );
      const answer = withModelTimes<RecordAnswer<T>>('repeated' in stored ? stored : pick(stored, fields));
      if (answer.repeated && first) write.onRepeated?.();
      return answer;
    } catch (fault) {
      throw toStoreProblem(fault, what, refusal);
    }
  });
}

/** What to answer to a repetition whose record is gone. */
export function goneSince(what: string): Problem {
  return new Problem(
    'conflict',
    `An earlier request with this Idempotency-Key did this; the ${what} was deleted since.`,
  );
}

/** A header field takes no more than that. */
function inAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
