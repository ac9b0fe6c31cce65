import type { Event } from '../../model/event.ts';
import { eventLink } from '../../model/event-link.ts';
import type { Clock } from '../../model/ids.ts';
import type { ConfigurationCache } from '../../store/configuration.ts';
import type { Counting } from '../../store/counting.ts';
import type { AcceptResult, TriggerAdvance } from '../../store/queue.ts';
import type { Submission } from '../../store/submission.ts';
import { type Firing, firingId } from './firing.ts';
import { type Details, makePayload } from './payload.ts';
import { planFiring } from './plan-firing.ts';
import type { Rule } from './rule.ts';

export interface FireDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  counting: Pick<Counting, 'readTop' | 'readDropped'>;
  submit: (submission: Submission) => Promise<AcceptResult>;
  /** How long a delivery may try. */
  expiresInMs: number;
  /** Of the dashboard, where people see the event; without it notifications lead to the site. */
  publicUrl?: string | undefined;
  makeCorrelationId: () => string;
  now: Clock;
}

/** Stores an event, its deliveries and what becomes of the trigger in one commit; what it resolves to is that commit's. */
export type Fire = (rule: Rule, firing: Firing, advance: TriggerAdvance) => Promise<AcceptResult>;

const TOP = 3;
const SECOND = 1_000;

export function createFire(deps: FireDeps): Fire {
  return async (rule, firing, advance) => {
    const epoch = advance.state_epoch + 1;
    const id = firingId(rule.trigger.id, epoch);
    const payload = makePayload(rule, firing, { id, url: urlOf(rule, id), ...(await readDetails(rule, firing)) });
    const { planned, decisions } = planFiring(deps.configuration.current, payload, rule.trigger.destinations, {
      idOf: (destination) => firingId(rule.trigger.id, epoch, destination),
      expiresInMs: timeLeft(rule, firing),
    });
    const event: Event = {
      id,
      account: rule.trigger.account,
      source: '',
      trigger: rule.trigger.id,
      type: firing.type,
      correlation_id: deps.makeCorrelationId(),
      traceparent: '',
      hops: 0,
      dedupe_key: '',
      method: '',
      query: '',
      headers: [],
      content_type: 'application/json',
      item: 0,
      body: JSON.stringify(payload),
      body_encoding: 'utf8',
      extracted: {},
      decisions,
      received_at: new Date(deps.now()).toISOString(),
    };
    return deps.submit({ event, planned, firing: advance });
  };

  async function readDetails(
    { site, windowMs }: Rule,
    { type, value, window, last_hit }: Firing,
  ): Promise<Pick<Details, 'top' | 'dropped'>> {
    // A completion that is told by itself says its own page.
    if (type === 'goal.completed' && value === 1) return {};
    const seconds = type === 'goal.completed' ? Math.ceil((window.to - window.from) / SECOND) : windowMs / SECOND;
    const top = await deps.counting.readTop({ site: site.id, window_s: Math.max(seconds, 1) }, TOP);
    if (type !== 'site.silent') return { top };
    return { top, dropped: await deps.counting.readDropped(site.id, last_hit ?? window.from) };
  }

  function urlOf({ site }: Rule, event: string): string {
    return deps.publicUrl === undefined ? `https://${site.domain}/` : eventLink(deps.publicUrl, event);
  }

  /** What may not be late is tried for as long as it is news. */
  function timeLeft({ trigger, expiresAfterMs }: Rule, { occurred_at }: Firing): number {
    if (trigger.when_late === 'mark') return deps.expiresInMs;
    return Math.min(deps.expiresInMs, Math.max(occurred_at + expiresAfterMs - deps.now(), 1));
  }
}
