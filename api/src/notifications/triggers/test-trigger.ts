import type { Decision } from '../../model/event.ts';
import type { Clock } from '../../model/ids.ts';
import { notFound, Problem } from '../../model/problems.ts';
import { isTheirs } from '../../store/account-scope.ts';
import type { ConfigurationCache } from '../../store/configuration.ts';
import type { AcceptResult } from '../../store/queue.ts';
import type { AccountScope } from '../../store/records.ts';
import type { Submission } from '../../store/submission.ts';
import type { NotificationsView } from '../sites/view.ts';
import { exampleFiring } from './example-firing.ts';
import { firingEvent } from './firing-event.ts';
import { makePayload } from './payload.ts';
import { planFiring } from './plan-firing.ts';
import type { ReadDetails } from './read-details.ts';
import type { Rule } from './rule.ts';
import { ruleOf } from './rules.ts';

export interface TestTriggerDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  notifications: { readonly current: NotificationsView };
  readDetails: ReadDetails;
  submit: (submission: Submission) => Promise<AcceptResult>;
  makeId: () => string;
  now: Clock;
}

export interface TestedTrigger {
  event: string;
  deliveries: { id: string; destination: string }[];
  /** One for each destination. */
  decisions: Decision[];
}

/**
 * Tells a trigger's destinations of something that did not happen, marked as a test, by the way of every firing. Its state does
 * not change, nothing is counted, and quiet hours don't matter: somebody waits for it.
 * @throws Problem `not_found`, `conflict` (nobody to tell), `store_unavailable`
 */
export type TestTrigger = (id: string, scope: AccountScope, correlationId: string) => Promise<TestedTrigger>;

/** Nobody waits for a test longer than that. */
const EXPIRES_IN_MS = 3_600_000;

export function createTestTrigger(deps: TestTriggerDeps): TestTrigger {
  return async (id, scope, correlation_id) => {
    const rule = findRule(deps.notifications.current, id, scope);
    const now = deps.now();
    const firing = exampleFiring(rule, now);
    const details = await deps.readDetails(rule, firing, deps.makeId());
    const payload = makePayload(rule, firing, { ...details, test: true });
    const { planned, decisions } = planFiring(deps.configuration.current, payload, rule.trigger.destinations, {
      idOf: deps.makeId,
      expiresInMs: EXPIRES_IN_MS,
    });
    const received_at = new Date(now).toISOString();
    const event = firingEvent(rule, payload, decisions, { correlation_id, received_at });
    const result = await deps.submit({ event, planned });
    if (result.status !== 'accepted') throw new Error(`a test can't be stored: ${JSON.stringify(result)}`);
    const deliveries = planned.map(({ delivery }) => ({ id: delivery.id, destination: delivery.destination }));
    return { event: event.id, deliveries, decisions };
  };
}

function findRule(view: NotificationsView, id: string, scope: AccountScope): Rule {
  const trigger = view.trigger(id);
  if (!isTheirs(trigger, scope)) throw notFound(`trigger ${id}`);
  if (trigger.destinations.length === 0)
    throw new Problem('conflict', 'The trigger has nobody to tell: give it a destination or a webhook first.');
  const rule = ruleOf(view, trigger);
  if (!rule) throw new Problem('conflict', 'The site or the goal of the trigger is out of service: correct it first.');
  return rule;
}
