import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { DESTINATION_TYPES } from '../../../../api/src/destinations/index.ts';
import type { Firing } from '../../../../api/src/notifications/triggers/firing.ts';
import { firingId } from '../../../../api/src/notifications/triggers/firing.ts';
import { messageOf } from '../../../../api/src/notifications/triggers/message.ts';
import { makePayload } from '../../../../api/src/notifications/triggers/payload.ts';
import { FIRING_TYPES, type FiringType } from '../../../../api/src/notifications/triggers/state.ts';
import { EXAMPLES } from './examples.ts';
import { HOUR, level, MINUTE, rule, watch } from './support.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/events/', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(`${DOCS}${file}`, 'utf8'));

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
addFormats.default(ajv);
ajv.addSchema(read('common.v1.schema.json'));
const validators = Object.fromEntries(FIRING_TYPES.map((type) => [type, ajv.compile(read(`${type}.v1.schema.json`))]));

function errorsOf(payload: { type: FiringType }): unknown {
  const validate = validators[payload.type];
  if (!validate) throw new Error(`no schema of ${payload.type}`);
  return validate(payload) ? [] : validate.errors;
}

const NOON = Date.parse('2026-03-10T12:00:00Z');
const TOP = { pages: [{ page: '/', pageviews: 1 }], sources: [{ source: '', visitors: 1 }] };

describe('the schemas in docs/events', () => {
  it('are one for each type, with an example', () => {
    const files = FIRING_TYPES.flatMap((type) => [`${type}.v1.schema.json`, `${type}.v1.example.json`]);
    expect(
      readdirSync(DOCS)
        .filter((file) => file.endsWith('.json'))
        .sort(),
    ).toEqual(['common.v1.schema.json', ...files].sort());
  });

  it.each(FIRING_TYPES)('%s: the example is what is sent, and valid', (type) => {
    expect(read(`${type}.v1.example.json`)).toEqual(EXAMPLES[type]);
    expect(errorsOf(EXAMPLES[type])).toEqual([]);
  });

  it.each([
    ['a field that nobody knows', { visitor: 'abc' }],
    ['a visitor in a top list', { top_sources: [{ source: '', visitors: 1, ids: [] }] }],
    ['more than three pages', { top_pages: Array(4).fill({ page: '/', pageviews: 1 }) }],
    ['another version', { version: 2 }],
    ['no threshold', { threshold: undefined }],
  ])('refuse %s', (_, changes) => {
    const payload = JSON.parse(JSON.stringify({ ...EXAMPLES['visitor.spike'], ...changes }));
    expect(errorsOf(payload)).not.toEqual([]);
  });

  it('hold for whatever is decided of spikes, drops and silence', () => {
    const step = fc.record({
      value: fc.nat(300),
      baseline: fc.option(fc.double({ min: 0, max: 200, noNaN: true }), { nil: undefined }),
      gap: fc.nat(40),
      silent: fc.boolean(),
    });
    const types = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom('visitor_spike' as const, 'visitor_drop' as const),
        fc.constantFrom(0, 1.5),
        fc.constantFrom('never' as const, 'hourly' as const),
        fc.array(step, { minLength: 10, maxLength: 60 }),
        (type, relative_threshold, repeat, steps) => {
          const threshold = relative_threshold ? 0 : 100;
          const of = rule({ type, readings: 1, cooldown: '0s', threshold, relative_threshold, repeat });
          const trigger = watch(of);
          let now = NOON;
          for (const { value, baseline, gap, silent } of steps) {
            now += gap * MINUTE;
            const reading = level(of, value, now, {
              ...(baseline !== undefined && { baseline }),
              last_hit: silent ? now - HOUR : now,
            });
            trigger.read(reading, now);
          }
          for (const firing of trigger.fired) {
            const payload = makePayload(of, firing, {
              id: firingId('trigger', 1),
              top: TOP,
              url: 'https://example.com/',
            });
            types.add(payload.type);
            expect(errorsOf(JSON.parse(JSON.stringify(payload)))).toEqual([]);
            expect(messageOf(payload).title).not.toMatch(/undefined|NaN|null/);
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    );
    expect([...types].sort()).toEqual(FIRING_TYPES.filter((type) => type !== 'goal.completed').sort());
  });

  it.each<[string, Partial<Firing>]>([
    ['one', { page: '/thanks', revenue: '9.90' }],
    ['a late one', { page: '/thanks', late: true }],
    ['the rest of a minute', { value: 240, rest: true }],
    ['those of quiet hours', { value: 3, since: NOON }],
    ['a summary', { value: 17, revenue: '0.30' }],
  ])('hold for a goal: %s', (_, changes) => {
    const firing: Firing = {
      type: 'goal.completed',
      occurred_at: NOON,
      window: { from: NOON - HOUR, to: NOON },
      value: 1,
      ...changes,
    };
    const of = rule({ type: 'goal_completion', goal: 'goal' });
    const payload = makePayload(of, firing, { id: firingId('trigger', 1), url: 'https://example.com/' });
    expect(errorsOf(JSON.parse(JSON.stringify(payload)))).toEqual([]);
  });
});

describe('messages', () => {
  const words = (payload: Parameters<typeof messageOf>[0]) => {
    const { title, text } = messageOf(payload);
    return `${title} ${text}`.trim();
  };

  it.each<[FiringType, string]>([
    [
      'visitor.spike',
      'example.com: 412 visitors in 5 minutes, 3.4 × usual. Top page /launch (287), top source news.ycombinator.com (301).',
    ],
    [
      'visitor.spike.recovered',
      'example.com: back to 240 visitors in 5 minutes, after 35 minutes with up to 1,204. Top page /launch (287), top source news.ycombinator.com (301).',
    ],
    [
      'visitor.drop',
      'example.com: only 37 visitors in 12 hours, below 200. Top page /launch (287), top source news.ycombinator.com (301).',
    ],
    [
      'visitor.drop.recovered',
      'example.com: back to 243 visitors in 12 hours, after 3 hours with as few as 37. Top page /launch (287), top source news.ycombinator.com (301).',
    ],
    ['site.silent', 'example.com: no hits since 13:20. 120 hits came since and were not counted: bot 118, domain 2.'],
    [
      'site.silent.recovered',
      'example.com: hits arrive again, after 2 hours. Top page /launch (287), top source news.ycombinator.com (301).',
    ],
    ['goal.completed', 'example.com: Purchase on /checkout/thanks, 49.00 EUR.'],
  ])('%s reads like one written by a person', (type, text) => {
    expect(words(EXAMPLES[type])).toBe(text);
  });

  it.each([
    ['the rest of a minute', { count: 240, rest: true as const }, 'example.com: and 240 more of Purchase, 49.00 EUR.'],
    ['late', { stale: true as const }, 'Late, this is of 14:05.'],
    ['without a page', { page: undefined, revenue: undefined }, 'example.com: Purchase.'],
  ])('of a goal: %s', (_, changes, text) => {
    expect(words({ ...EXAMPLES['goal.completed'], ...(changes as object) })).toContain(text);
  });

  it('of a summary says its window', () => {
    const window = { from: '2026-03-10T12:00:00.000Z', to: '2026-03-10T13:00:00.000Z' };
    const { page: _, ...summary } = { ...EXAMPLES['goal.completed'], count: 17, window };
    expect(words(summary)).toBe('example.com: 17 × Purchase in 1 hour, 49.00 EUR.');
    expect(words({ ...summary, since: window.from })).toContain('in 1 hour of quiet hours');
  });

  it.each([
    ['discord', (body: string) => JSON.parse(body).embeds[0]],
    ['slack', (body: string) => JSON.parse(body)],
    ['teams', (body: string) => JSON.parse(body)],
    ['telegram', (body: string) => JSON.parse(body)],
    ['ntfy', (body: string) => body],
  ] as const)('%s has both sentences and the link, and nothing else', (type, part) => {
    const destination = DESTINATION_TYPES[type];
    const payload = EXAMPLES['visitor.spike'];
    const input = {
      source: 'example.com',
      type: payload.type,
      received_at: payload.occurred_at,
      data: { other: 'fact' },
      message: messageOf(payload),
    };
    const { body } = destination.fit(destination.defaultBody?.(input));
    // Chats must not make links of what visitors asked for: an invisible character stands in them.
    const text = JSON.stringify(part(body)).replaceAll('\u200b', '');
    expect(text).toContain('412 visitors in 5 minutes, 3.4 × usual');
    expect(text).toContain('Top page /launch (287)');
    expect(text).toContain('https://example.com/');
    expect(text).not.toMatch(/visitor\.spike|other|fact/);
  });
});

it('an event has the same id however often it is made', () => {
  expect(firingId('trigger', 1)).toMatch(/^[a-z0-9]{15}$/);
  expect(firingId('trigger', 1)).toBe(firingId('trigger', 1));
  const ids = [firingId('trigger', 1), firingId('trigger', 2), firingId('trigger', 1, 'a'), firingId('other', 1)];
  expect(new Set(ids).size).toBe(4);
});
