import { createContext } from '../../../api/src/ingest/context.ts';
import { openRules, type Rules } from './open-rules.ts';

const EVENT = {
  id: 'e1',
  type: '',
  received_at: '2026-01-31T12:00:00.000Z',
  correlation_id: 'c1',
  method: 'POST',
  query: '',
  extracted: {},
};

/** What the rules make of an event with this body: what was extracted, the failure, the outcome for each mapping. */
async function decide(rules: Rules, body: unknown) {
  const { source, configuration, describe, planner } = await openRules(rules);
  const context = createContext('shop', EVENT, {}, body);
  const description = await describe(source, context);
  context.data = description.extracted;
  const planned = await planner.planAll(configuration.current.routesOf(source), context, description.failure);
  return { ...description, planned, outcomes: planned.map(({ decision }) => decision.outcome) };
}

const elements = (length: number) => Array.from({ length }, (_, i) => ({ id: i, tags: ['a', 'b'], name: `item ${i}` }));
const GREEDY = 'body.all(x, x.a > 1) || body.all(x, x.b > 1)';
const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));

test('50 rules that go over a long list: the source is at fault, and the event is decided all the same', async () => {
  const loops = times(12, (i) => `body.items.exists(x, x.name == "${i}" && x.id > 1)`).join(' || ');
  const extract = Object.fromEntries(times(50, (i) => [`n${i}`, loops]));
  const { failure, planned } = await decide({ source: { extract } }, { items: elements(4_900) });
  expect(failure?.message).toMatch(/too large together|too much to do/);
  expect(planned).toMatchObject([{ decision: { outcome: 'error', where: expect.stringContaining('source.extract') } }]);
});

test('rules within the limits of a record that have too much to do end with the event’s work', async () => {
  const extract = Object.fromEntries(times(50, (i) => [`n${i}`, `body.items.filter(x, x.name.contains("${i}"))`]));
  const { failure, extracted } = await decide({ source: { extract } }, { items: elements(4_900) });
  expect(failure?.message).toMatch(/too much to do/);
  expect(Object.keys(extracted).length).toBeLessThan(50);
});

test('the rules of a source let others have their turn', async () => {
  const extract = Object.fromEntries(times(50, (i) => [`n${i}`, `body.items.filter(x, x.name.contains("${i}"))`]));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await decide({ source: { extract }, mappings: [] }, { items: elements(4_900) });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

test('one greedy mapping does not take the work of those after it', async () => {
  const filters = [GREEDY, 'body.size() > 0'.replace('body.size()', 'size(body)'), 'body.exists(x, x.id == 9)'];
  const { outcomes } = await decide({ mappings: filters.map((filter) => ({ filter })) }, elements(20_000));
  expect(outcomes).toEqual(['error', 'delivery', 'delivery']);
});

test('99 greedy mappings leave enough for a modest one', async () => {
  const mappings = [...times(99, () => ({ filter: GREEDY })), { filter: 'body[0].id == 0 && size(body) > 10' }];
  const { outcomes } = await decide({ mappings }, elements(50_000));
  expect(outcomes).toEqual([...times(99, () => 'error'), 'delivery']);
});

test('200 mappings with a filter and a message each are nothing special', async () => {
  const mappings = times(200, (i) => ({
    filter: `body.action == "opened" && body.items.exists(x, x.id == ${i})`,
    template: { content: '{{ body.items.map(x, x.name).join(", ").truncate(1000) }}', n: `{{ body.n + ${i}.5 }}` },
  }));
  const { outcomes } = await decide({ mappings }, { action: 'opened', n: 1, items: elements(200) });
  expect(new Set(outcomes)).toEqual(new Set(['delivery']));
});

test('the bodies for one event are limited together', async () => {
  const mappings = times(20, () => ({ template: { all: '{{ body.text }}' } }));
  const { planned, outcomes } = await decide({ mappings }, { text: 'x'.repeat(900_000) });
  expect(outcomes[0]).toBe('delivery');
  expect(outcomes.at(-1)).toBe('error');
  const sizes = planned.map(({ delivery }) => delivery?.request_body.length ?? 0);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(8 * 1024 * 1024);
});

test('a record from before the limits costs nothing, and says so in each decision', async () => {
  const template = times(190, (i) => `{{ body.s.matches("\\\\pL{${900 + (i % 99)}}") }}`);
  const { planned } = await decide({ mappings: [{ template }, {}] }, { s: 'x' });
  expect(planned).toMatchObject([
    { decision: { outcome: 'error', where: 'template.[0]', message: expect.stringContaining('pattern is too large') } },
    { decision: { outcome: 'delivery' } },
  ]);
});
