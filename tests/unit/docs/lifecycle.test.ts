import { readFileSync } from 'node:fs';
import { DEFAULT_SCHEDULE, parseSchedule } from '../../../api/src/delivery/schedule.ts';
import { transition } from '../../../api/src/delivery/transition.ts';
import { DELIVERY_STATES, FINAL_STATES, type Outcome } from '../../../api/src/model/delivery.ts';

const page = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8');

const error = 'why';
const OUTCOMES: { [K in Outcome['kind']]: Extract<Outcome, { kind: K }> } = {
  success: { kind: 'success' },
  retry: { kind: 'retry', error },
  throttled: { kind: 'throttled', error, retry_after_ms: 1_000 },
  permanent: { kind: 'permanent', error },
  gone: { kind: 'gone', error },
  blocked: { kind: 'blocked', error },
  expired: { kind: 'expired', error },
  loop: { kind: 'loop', error },
};

const rows = new Map(
  [...page.matchAll(/^\| `(\w+)` \|[^|]+\| `(\w+)`([^|]*)\| (yes|no) \|$/gm)].map(
    ([, outcome, state, rest, usesTry]) => [String(outcome), { state, rest: String(rest), usesTry: usesTry === 'yes' }],
  ),
);

test('the table of outcomes has each of them', () => {
  expect([...rows.keys()]).toEqual(Object.keys(OUTCOMES));
});

test.each(Object.values(OUTCOMES))('the table says what $kind makes of a delivery', (outcome) => {
  const row = rows.get(outcome.kind);
  const delivery = { attempts_made: 0, tries_used: 0, expires_at: 1_000_000 };
  const next = transition(outcome, delivery, { schedule: [0, 5_000], now: 0, random: () => 0.5 });
  expect(row?.state).toBe(next.state);
  expect(row?.usesTry).toBe(next.used_try);
  expect(row?.rest.includes('the destination is disabled')).toBe(next.disable_destination !== undefined);
});

test('the diagram has each state, and the page names the final ones', () => {
  const diagram = page.slice(page.indexOf('stateDiagram'), page.indexOf('```\n', page.indexOf('stateDiagram')));
  const shown = new Set([...diagram.matchAll(/\b(\w+)(?= -->)|--> (\w+)/g)].map(([, from, to]) => from ?? to));
  expect([...shown].sort()).toEqual([...DELIVERY_STATES].sort());
  const sentence = page.slice(0, page.indexOf(' are final:')).split('\n\n').at(-1);
  expect([...(sentence ?? '').matchAll(/`(\w+)`/g)].map(([, state]) => state)).toEqual([...FINAL_STATES]);
});

test('the page has the default schedule', () => {
  expect(parseSchedule(DEFAULT_SCHEDULE)).toBeDefined();
  expect(page).toContain(`\`${DEFAULT_SCHEDULE.join(', ')}\``);
});
