import { DESTINATION_TYPES } from '../../destinations/index.ts';
import { type Destination, heldReason } from '../../model/configuration.ts';
import { type DeliveryContent, newDelivery } from '../../model/delivery.ts';
import type { Decision } from '../../model/event.ts';
import type { ConfigurationView } from '../../store/configuration.ts';
import type { Planned } from '../../store/submission.ts';
import { messageOf } from './message.ts';
import type { Payload } from './payload.ts';

export interface FiringPlan {
  planned: Planned[];
  decisions: Decision[];
}

export interface PlanFiringOptions {
  idOf: (destination: string) => string;
  expiresInMs: number;
}

/** One delivery to each of a trigger's destinations: the payload itself, or to chats what a person would write. */
export function planFiring(
  configuration: Pick<ConfigurationView, 'destination' | 'unreadableRecord'>,
  payload: Payload,
  destinations: readonly string[],
  { idOf, expiresInMs }: PlanFiringOptions,
): FiringPlan {
  const plan: FiringPlan = { planned: [], decisions: [] };
  for (const id of destinations) {
    const subject = { mapping: '', destination: id };
    const destination = configuration.destination(id);
    if (!destination) {
      const message = configuration.unreadableRecord(id)?.problem ?? 'it was deleted';
      plan.decisions.push({ ...subject, outcome: 'error', where: 'destination', message });
      continue;
    }
    const identity = { id: idOf(id), mapping: '', expires_in_ms: expiresInMs };
    const delivery = newDelivery(identity, destination, contentFor(destination, payload));
    const held = heldReason(destination);
    plan.planned.push({ delivery, destination });
    plan.decisions.push({
      ...subject,
      delivery: delivery.id,
      ...(held === undefined ? { outcome: 'delivery' } : { outcome: 'held', reason: held }),
    });
  }
  return plan;
}

function contentFor({ type: name }: Destination, payload: Payload): DeliveryContent {
  const type = DESTINATION_TYPES[name];
  if (!type.defaultBody) return { passthrough: true };
  const value = type.defaultBody({
    source: payload.site.domain,
    type: payload.type,
    received_at: payload.occurred_at,
    data: {},
    message: messageOf(payload),
  });
  return { passthrough: false, ...type.fit(value) };
}
