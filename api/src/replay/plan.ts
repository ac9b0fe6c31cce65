import type { Destination } from '../model/configuration.ts';
import { newDelivery, type PlannedDelivery } from '../model/delivery.ts';
import type { Decision, StoredEvent } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import { type ConfigurationCache, refuseUnreadable } from '../store/configuration.ts';
import type { AccountScope, History } from '../store/records.ts';
import type { Planned } from '../store/submission.ts';

export interface ReplayPlanDeps {
  history: Pick<History, 'getDelivery'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  replan: (event: StoredEvent) => Promise<ReplayPlan>;
  makeId: () => string;
  expiresInMs: number;
}

export interface ReplayPlan {
  planned: Planned[];
  /** With the rules of now: what was decided about each mapping. */
  decisions: Decision[];
}

/** What a replay of an event consists of: the rules of now, or copies of its first deliveries. */
export interface ReplayPlanner {
  current(event: StoredEvent): Promise<ReplayPlan>;
  /**
   * @param deliveries all of the event. The first of each mapping count: replays of it have the same bytes, or those of
   * other rules. Those whose destination is gone are left out.
   * @throws Problem `conflict`: their bodies are too much at once, or a destination can't be read
   */
  original(deliveries: { id: string; destination: string; replay: string }[], scope: AccountScope): Promise<ReplayPlan>;
}

/** Bodies of one event's deliveries that are held at once, on their way to one commit. */
const CHARACTERS_AT_MOST = 32 * 1024 * 1024;
const TOO_MUCH =
  "The bodies of the event's deliveries are larger than 32 MiB together. Replay it for some `destinations` at a time.";

export function createReplayPlanner(deps: ReplayPlanDeps): ReplayPlanner {
  async function copyOf(id: string, destination: Destination, scope: AccountScope): Promise<PlannedDelivery> {
    const stored = await deps.history.getDelivery(id, scope);
    const { passthrough, request_body, request_content_type } = stored;
    return newDelivery({ id: deps.makeId(), mapping: stored.mapping, expires_in_ms: deps.expiresInMs }, destination, {
      passthrough,
      body: request_body,
      content_type: request_content_type,
    });
  }

  return {
    current: deps.replan,

    async original(deliveries, scope) {
      const planned: ReplayPlan['planned'] = [];
      let characters = 0;
      for (const { id, destination: destinationId } of deliveries.filter(({ replay }) => replay === '')) {
        const destination = deps.configuration.current.destination(destinationId);
        if (!destination) refuseUnreadable(deps.configuration.current, destinationId);
        if (!destination) continue;
        const delivery = await copyOf(id, destination, scope);
        characters += delivery.request_body.length;
        if (characters > CHARACTERS_AT_MOST) throw new Problem('conflict', TOO_MUCH);
        planned.push({ destination, delivery });
      }
      return { planned, decisions: [] };
    },
  };
}
