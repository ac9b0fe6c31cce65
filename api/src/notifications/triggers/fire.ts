import type { Clock } from '../../model/ids.ts';
import type { ConfigurationCache } from '../../store/configuration.ts';
import type { AcceptResult, TriggerAdvance } from '../../store/queue.ts';
import type { Submission } from '../../store/submission.ts';
import { type Firing, firingId } from './firing.ts';
import { firingEvent } from './firing-event.ts';
import { makePayload } from './payload.ts';
import { planFiring } from './plan-firing.ts';
import type { ReadDetails } from './read-details.ts';
import type { Rule } from './rule.ts';

export interface FireDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  readDetails: ReadDetails;
  submit: (submission: Submission) => Promise<AcceptResult>;
  /** How long a delivery may try. */
  expiresInMs: number;
  makeCorrelationId: () => string;
  now: Clock;
}

/** Stores an event, its deliveries and what becomes of the trigger in one commit; what it resolves to is that commit's. */
export type Fire = (rule: Rule, firing: Firing, advance: TriggerAdvance) => Promise<AcceptResult>;

export function createFire(deps: FireDeps): Fire {
  return async (rule, firing, advance) => {
    const epoch = advance.state_epoch + 1;
    const id = firingId(rule.trigger.id, epoch);
    const payload = makePayload(rule, firing, await deps.readDetails(rule, firing, id));
    const { planned, decisions } = planFiring(deps.configuration.current, payload, rule.trigger.destinations, {
      idOf: (destination) => firingId(rule.trigger.id, epoch, destination),
      expiresInMs: timeLeft(rule, firing),
    });
    const event = firingEvent(rule, payload, decisions, {
      correlation_id: deps.makeCorrelationId(),
      received_at: new Date(deps.now()).toISOString(),
    });
    return deps.submit({ event, planned, firing: advance });
  };

  /** What may not be late is tried for as long as it is news. */
  function timeLeft({ trigger, expiresAfterMs }: Rule, { occurred_at }: Firing): number {
    if (trigger.when_late === 'mark') return deps.expiresInMs;
    return Math.min(deps.expiresInMs, Math.max(occurred_at + expiresAfterMs - deps.now(), 1));
  }
}
