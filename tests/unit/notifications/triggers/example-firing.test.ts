import type { Trigger } from '../../../../api/src/model/notifications.ts';
import { exampleFiring } from '../../../../api/src/notifications/triggers/example-firing.ts';
import { messageOf } from '../../../../api/src/notifications/triggers/message.ts';
import { makePayload } from '../../../../api/src/notifications/triggers/payload.ts';
import { HOUR, rule } from './support.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');
const onGoal = { type: 'goal_completion', goal: 'goal' } as const;

describe('a test of a trigger', () => {
  it.each<[string, Partial<Trigger>, object, string]>([
    [
      'spike',
      { threshold: 100 },
      { type: 'visitor.spike', value: 100, threshold: 100 },
      'Test: example.com: 100 visitors in 5 minutes.',
    ],
    [
      'relative spike',
      { threshold: 0, relative_threshold: 2.5 },
      { value: 250, baseline: 100 },
      'Test: example.com: 250 visitors in 5 minutes, 2.5 × usual.',
    ],
    [
      'drop',
      { type: 'visitor_drop', threshold: 50 },
      { type: 'visitor.drop', value: 49 },
      'Test: example.com: only 49 visitors in 12 hours, below 50.',
    ],
    [
      'every completion',
      onGoal,
      { value: 1, page: '/', revenue: '9.90' },
      'Test: example.com: Purchase on /, 9.90 EUR.',
    ],
    [
      'every nth',
      { ...onGoal, notify: 'every_nth', nth: 10 },
      { value: 10 },
      'Test: example.com: 10 × Purchase in 1 hour, 9.90 EUR.',
    ],
    [
      'summary',
      { ...onGoal, notify: 'summary' },
      { value: 3, window: { from: NOON - HOUR, to: NOON } },
      'Test: example.com: 3 × Purchase in 1 hour, 9.90 EUR.',
    ],
  ])('%s: numbers that just make it tell, marked as a test', (_, changes, firing, title) => {
    const of = rule(changes);
    const example = exampleFiring(of, NOON);
    expect(example).toMatchObject(firing);
    const payload = makePayload(of, example, { id: '01n9zq4k7w2c5xa', url: 'https://example.com/', test: true });
    expect(payload.test).toBe(true);
    expect(messageOf(payload).title).toBe(title);
  });
});
