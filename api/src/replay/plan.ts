import { newDelivery } from '../model/delivery.ts';
import type { Decision, EventContent } from '../model/event.ts';
import { type ConfigurationCache, refuseUnreadable } from '../store/configuration.ts';
import type { DeliveryBody, PastDelivery } from '../store/replays.ts';
import type { Planned } from '../store/submission.ts';
import type { Subject } from './select.ts';

export interface ReplayPlanDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  replan: (event: EventContent) => Promise<ReplayPlan>;
  expiresInMs: number;
}

export interface ReplayPlan {
  planned: Planned[];
  /** What was decided about each mapping, or destination of a trigger. */
  decisions: Decision[];
}

/** What a replay of an event consists of: the rules of now, or copies of its first deliveries. */
export interface ReplayPlanner {
  planCurrent(event: EventContent): Promise<ReplayPlan>;
  /**
   * Those of an event's deliveries that a replay copies. The first of each mapping count: replays of it have the same
   * bytes, or those of other rules. Those whose destination is gone are left out.
   * @throws Problem `conflict`: a destination can't be read
   */
  originalsOf<T extends Pick<PastDelivery, 'destination' | 'replay'>>(deliveries: T[]): T[];
  /** Copies, with an id for each mapping, or destination of a trigger. */
  planOriginal(deliveries: DeliveryBody[], idOf: (subject: Subject) => string): Planned[];
}

export function createReplayPlanner({ configuration, replan, expiresInMs }: ReplayPlanDeps): ReplayPlanner {
  return {
    planCurrent: replan,

    originalsOf(deliveries) {
      const { current } = configuration;
      return deliveries.filter(({ destination, replay }) => {
        if (replay !== '') return false;
        if (current.destination(destination)) return true;
        refuseUnreadable(current, destination);
        return false;
      });
    },

    planOriginal(deliveries, idOf) {
      return deliveries.flatMap(({ mapping, destination: id, ...stored }) => {
        const destination = configuration.current.destination(id);
        if (!destination) return [];
        const { passthrough, request_body: body, request_content_type: content_type, request_values } = stored;
        const identity = { id: idOf({ mapping, destination: id }), mapping, expires_in_ms: expiresInMs };
        return [
          {
            destination,
            delivery: newDelivery(identity, destination, { passthrough, body, content_type }, request_values),
          },
        ];
      });
    },
  };
}
