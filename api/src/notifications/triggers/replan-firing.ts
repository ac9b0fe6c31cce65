import type { EventContent } from '../../model/event.ts';
import type { ConfigurationCache } from '../../store/configuration.ts';
import type { NotificationsView } from '../sites/view.ts';
import type { Payload } from './payload.ts';
import { type FiringPlan, planFiring } from './plan-firing.ts';

export interface ReplanFiringDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  notifications: { readonly current: Pick<NotificationsView, 'trigger'> };
  makeId: () => string;
  /** How long a delivery may try: whoever asks for a replay wants it, however old the news is. */
  expiresInMs: number;
}

/** What a stored event of a trigger would become now: the same payload, to the destinations that the trigger has by now. */
export type ReplanFiring = (event: Pick<EventContent, 'trigger' | 'body'>) => FiringPlan;

export function createReplanFiring(deps: ReplanFiringDeps): ReplanFiring {
  return ({ trigger, body }) => {
    const { destinations = [] } = deps.notifications.current.trigger(trigger) ?? {};
    const payload = JSON.parse(body) as Payload;
    return planFiring(deps.configuration.current, payload, destinations, {
      idOf: deps.makeId,
      expiresInMs: deps.expiresInMs,
    });
  };
}
