import type { Planner } from '../ingest/plan.ts';
import type { StoredPart } from '../ingest/replan.ts';
import { bodyToSend } from '../model/delivery.ts';
import type { BodyEncoding } from '../model/event.ts';
import type { SeenValue } from '../model/explanation.ts';
import type { Route } from '../store/configuration.ts';

/** What a mapping would do with an event; nothing is stored or sent. */
export type PreviewOutcome =
  | { outcome: 'delivery'; request: { body: string; body_encoding: BodyEncoding; content_type: string } }
  | { outcome: 'filtered'; clause: string; values: SeenValue[] }
  | { outcome: 'error'; where: string; message: string };

/** Plans as for a new event, as if the mapping were enabled; a delivery that would be held counts as a delivery. */
export function previewOutcome(
  planner: Pick<Planner, 'plan' | 'explain'>,
  route: Route,
  { context, failure, event }: Omit<StoredPart, 'item'>,
): PreviewOutcome {
  const { decision, delivery } = planner.plan(route, context, failure);
  switch (decision.outcome) {
    case 'filtered': {
      const failing = planner.explain(route, context).find(({ result }) => result === 'false' || result === 'missing');
      return { outcome: decision.outcome, clause: decision.clause, values: failing?.values ?? [] };
    }
    case 'error':
      return { outcome: decision.outcome, where: decision.where, message: decision.message };
    default: {
      if (!delivery) throw new Error(`a preview was planned as ${decision.outcome} without a delivery`);
      const {
        request_body: body,
        request_body_encoding: body_encoding,
        request_content_type: content_type,
      } = bodyToSend(delivery, event);
      return { outcome: 'delivery', request: { body, body_encoding, content_type } };
    }
  }
}
