import type { Trigger } from '../../../../api/src/model/notifications.ts';
import type { Firing } from '../../../../api/src/notifications/triggers/firing.ts';
import { makePayload, type Payload } from '../../../../api/src/notifications/triggers/payload.ts';
import type { FiringType } from '../../../../api/src/notifications/triggers/state.ts';
import { HOUR, MINUTE, rule } from './support.ts';

const AT = Date.parse('2026-03-10T14:05:00+01:00');
const ID = '01n9zq4k7w2c5xa';
const URL = 'https://example.com/';

const top = {
  pages: [
    { page: '/launch', pageviews: 287 },
    { page: '/', pageviews: 93 },
    { page: '/pricing', pageviews: 41 },
  ],
  sources: [
    { source: 'news.ycombinator.com', visitors: 301 },
    { source: '', visitors: 62 },
    { source: 'lobste.rs', visitors: 30 },
  ],
};

function example(changes: Partial<Trigger>, firing: Firing, details = {}): Payload {
  return makePayload(rule(changes), firing, { id: ID, url: URL, ...details });
}

const fiveMinutes = { occurred_at: AT, window: { from: AT - 5 * MINUTE, to: AT } };
const halfDay = { occurred_at: AT, window: { from: AT - 12 * HOUR, to: AT } };
const spike = { id: 'spike', name: 'launch day', threshold: 0, relative_threshold: 3 };
const drop = { id: 'drop', name: 'too quiet', type: 'visitor_drop', threshold: 200 } as const;
const goal = { id: 'sale', name: 'sales', type: 'goal_completion', goal: 'goal' } as const;

/** What docs/events shows of each type. */
export const EXAMPLES: Record<FiringType, Payload> = {
  'visitor.spike': example(
    spike,
    { ...fiveMinutes, type: 'visitor.spike', value: 412, threshold: 363.6, baseline: 121.2 },
    { top },
  ),
  'visitor.spike.recovered': example(
    spike,
    {
      ...fiveMinutes,
      type: 'visitor.spike.recovered',
      value: 240,
      threshold: 363.6,
      baseline: 121.2,
      since: AT - 35 * MINUTE,
      peak: 1204,
    },
    { top },
  ),
  'visitor.drop': example(drop, { ...halfDay, type: 'visitor.drop', value: 37, threshold: 200 }, { top }),
  'visitor.drop.recovered': example(
    drop,
    { ...halfDay, type: 'visitor.drop.recovered', value: 243, threshold: 200, since: AT - 3 * HOUR, peak: 37 },
    { top },
  ),
  'site.silent': example(
    drop,
    { ...halfDay, type: 'site.silent', value: 180, threshold: 200, last_hit: AT - 45 * MINUTE },
    {
      top,
      dropped: [
        { reason: 'bot', count: 118 },
        { reason: 'domain', count: 2 },
      ],
    },
  ),
  'site.silent.recovered': example(
    drop,
    { ...halfDay, type: 'site.silent.recovered', value: 1, threshold: 200, since: AT - 2 * HOUR },
    { top },
  ),
  'goal.completed': example(goal, {
    type: 'goal.completed',
    occurred_at: AT,
    window: { from: AT, to: AT },
    value: 1,
    page: '/checkout/thanks',
    revenue: '49.00',
  }),
};
