import { completedBy, type GoalEvent } from '../../../../api/src/notifications/goals/match.ts';
import { aGoal } from '../../../support/notifications.ts';

const event = (fields: Partial<GoalEvent> = {}): GoalEvent => ({
  name: 'Purchase',
  page: '/cart',
  props: {},
  revenue: undefined,
  ...fields,
});
const ids = (...args: Parameters<typeof completedBy>) => completedBy(...args).map(({ goal }) => goal);

test('an event completes the goals of its name, whatever its page', () => {
  const goals = [
    aGoal({ event_name: 'Purchase' }),
    aGoal({ id: 'other', event_name: 'purchase' }),
    aGoal({ id: 'page', page_path: '/cart' }),
  ];
  expect(completedBy(event(), goals)).toEqual([{ goal: goals[0]?.id, page: '/cart', amount: '', currency: '' }]);
});

test('a goal that is disabled is not completed', () => {
  expect(ids(event(), [aGoal({ event_name: 'Purchase', enabled: false })])).toEqual([]);
});

test('only the view of a page completes the goal of its path', () => {
  const goals = [aGoal({ page_path: '/ca*' })];
  expect(ids(event({ name: 'pageview' }), goals)).toHaveLength(1);
  for (const name of ['engagement', 'Purchase', '/cart']) expect(ids(event({ name }), goals)).toEqual([]);
});

test('each property of a goal must be there', () => {
  const goals = [aGoal({ event_name: 'Purchase', props: { plan: 'pro', source: 'mail' } })];
  expect(ids(event({ props: { plan: 'pro', source: 'mail', more: '1' } }), goals)).toHaveLength(1);
  expect(ids(event({ props: { plan: 'pro' } }), goals)).toEqual([]);
  expect(ids(event({ props: { plan: 'Pro', source: 'mail' } }), goals)).toEqual([]);
  expect(ids(event(), [aGoal({ event_name: 'Purchase', props: { toString: 'x' } })])).toEqual([]);
});

test('an amount counts in the goal’s own currency', () => {
  const revenue = { amount: '12.30', currency: 'EUR' };
  const amounts = (currency: string) =>
    completedBy(event({ revenue }), [aGoal({ event_name: 'Purchase', currency })])[0];
  expect(amounts('EUR')).toMatchObject(revenue);
  expect(amounts('USD')).toMatchObject({ amount: '', currency: '' });
  expect(amounts('')).toMatchObject({ amount: '', currency: '' });
});
