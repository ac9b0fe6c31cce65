import type { Request, Response } from 'express';
import type { BodyOf, WithDefaults } from '../../client/schemas.ts';
import { fieldProblem } from '../model/problems.ts';
import type { ManyPosition, Queue } from '../store/queue.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface ManyDeliveriesDeps {
  check: CheckOperation;
  commandMany: Queue['commandMany'];
  /** Wakes the dispatcher: retried deliveries are due. */
  wake: () => void;
}

/** The body of both operations; only a retry has a rate. */
type ManyBody = WithDefaults<BodyOf<'retryDeliveries'>, 'dry_run' | 'limit'>;

/** Retries or cancels the next page of the selected deliveries. */
export function manyDeliveriesHandler(verb: 'retry' | 'cancel', { check, commandMany, wake }: ManyDeliveriesDeps) {
  const asked = check(`${verb}Deliveries`);
  return async (request: Request, response: Response) => {
    const { rate = 0, dry_run, limit, cursor, ...selection } = asked(request).body as ManyBody;
    const { outcomes, next } = await commandMany({
      command: verb,
      scope: scopeOf(response),
      selection,
      limit,
      rate,
      dry_run,
      ...(cursor !== undefined && { after: decode(cursor) }),
      ...writeOf(request, response),
    });
    if (!dry_run && outcomes.some(({ outcome }) => outcome === 'pending')) wake();
    sendJson(response.status(dry_run ? 200 : 202), { outcomes, next_cursor: next && encode(next) });
  };
}

/** A decoded cursor: position and time. Validated, since clients send it back. */
const CURSOR = /^(\d{1,16}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

function encode({ seq, due_at }: ManyPosition): string {
  return Buffer.from(`${seq} ${due_at}`).toString('base64url');
}

function decode(cursor: string): ManyPosition {
  const [, seq, due_at = ''] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (Number.isNaN(Date.parse(due_at)))
    throw fieldProblem(
      '/cursor',
      'is not a cursor of this list; use next_cursor as it was answered, or leave it out to begin anew',
    );
  return { seq: Number(seq), due_at };
}
