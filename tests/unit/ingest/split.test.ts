import { createReplan } from '../../../api/src/ingest/replan.ts';
import { checkRecord } from '../../../api/src/kinds/check-expressions.ts';
import type { StoredEvent } from '../../../api/src/model/event.ts';
import { aRequest, openIngest } from './open-ingest.ts';
import { openRules, type Rules } from './open-rules.ts';

const JSON_BODY = (value: unknown) => aRequest(JSON.stringify(value));
const SPLIT: Rules['source'] = {
  split: 'body.events',
  event_type: 'body.kind',
  dedupe_key: 'body.id',
  extract: { total: 'body.total' },
};

test('each element is an event of its own: body, type, key, fields, decisions; what the request had is the same', async () => {
  const { send, submitted } = await openIngest({ source: SPLIT, mappings: [{ filter: 'body.total > 5' }] });
  const events = [
    { kind: 'order', id: 'o1', total: 7, note: 'é "' },
    { kind: 'refund', id: 'r1', total: 2 },
  ];
  const result = await send(aRequest(JSON.stringify({ events }), { 'x-shop': 's' }, 'by=shop'));
  expect(submitted.map(({ event }) => event)).toMatchObject(
    events.map((event, i) => ({
      item: i + 1,
      type: event.kind,
      dedupe_key: event.id,
      extracted: { total: event.total },
      body: JSON.stringify(event),
      content_type: 'application/json',
      correlation_id: 'correlation-1',
      query: 'by=shop',
      headers: expect.arrayContaining([['x-shop', 's']]),
    })),
  );
  expect(submitted.map(({ deliveries }) => deliveries)).toMatchObject([[{ passthrough: true }], []]);
  expect(submitted[1]?.event.decisions).toMatchObject([{ outcome: 'filtered' }]);
  const ids = submitted.map(({ event }) => event.id);
  expect(new Set(ids).size).toBe(2);
  expect(result).toMatchObject({ status: 'batch', events: ids.map((id) => ({ id, duplicate: false })) });
});

test('numbers beyond 2^53 and texts that JSON escapes stay as they are', async () => {
  const { send, submitted } = await openIngest({ source: { split: 'body' } });
  const items = ['{"n":12345678901234567890,"t":"\\u0000\\ud800"}', 'null', '"text"', '[1.0]'];
  await send(aRequest(`[${items.join(',')}]`));
  expect(submitted.map(({ event }) => event.body)).toEqual([
    items[0],
    'null',
    '"text"',
    expect.stringMatching(/^\[1(\.0)?\]$/),
  ]);
});

test('what the list holds may be made: the parts of the request that all of them need', async () => {
  const split = 'body.entry.map(e, {"object": body.object, "entry": e})';
  const { send, submitted } = await openIngest({ source: { split, event_type: 'body.object' } });
  await send(JSON_BODY({ object: 'page', entry: [1, 2] }));
  expect(submitted.map(({ event }) => [event.type, event.body])).toEqual([
    ['page', '{"object":"page","entry":1}'],
    ['page', '{"object":"page","entry":2}'],
  ]);
});

test('a key of the request is told apart by the position, so that none is taken for a duplicate of another', async () => {
  const { send, submitted } = await openIngest({ source: { split: 'body' } });
  await send(aRequest('[{},{}]', { 'idempotency-key': 'k'.repeat(600) }));
  await send(aRequest('[{}]', { 'idempotency-key': 'k' }));
  await send(aRequest('[{},{}]'));
  const keys = submitted.map(({ event }) => event.dedupe_key);
  expect(keys[0]).not.toBe(keys[1]);
  expect(keys.slice(2)).toEqual(['k#1', '', '']);
});

test('an empty list is no event', async () => {
  const { send, submitted } = await openIngest({ source: { split: 'body' } });
  expect(await send(aRequest('[]'))).toEqual({ status: 'batch', events: [] });
  expect(submitted).toEqual([]);
});

test("a preset splits by itself; the source's own expression comes before it", async () => {
  const preset = { preset: 'sendgrid', verification: 'none' } as const;
  for (const [source, count] of [
    [preset, 2],
    [{ ...preset, split: '[body]' }, 1],
  ] as const) {
    const { send, submitted } = await openIngest({ source });
    await send(
      JSON_BODY([
        { event: 'open', sg_event_id: 'a' },
        { event: 'click', sg_event_id: 'b' },
      ]),
    );
    expect(submitted).toHaveLength(count);
  }
});

describe('what can not be split is stored as one event, decided as an error, and can come again', () => {
  const tooMany = Array(2_001).fill(0);
  test.each<[string, Rules['source'], unknown, RegExp]>([
    ['no list', { split: 'body' }, { a: 1 }, /not a list/],
    ['a text', { split: 'body.text' }, { text: 'abc' }, /not a list/],
    ['nothing there', { split: 'body.events' }, { a: 1 }, /events/],
    ['one that fails', { split: 'body.map(x, x / 0)' }, [1], /zero/],
    ['one that does not compile', { split: 'body.(' }, [1], /\S/],
    ['too many', { split: 'body' }, tooMany, /2001 elements, more than 2000/],
    ['too large', { split: 'body.map(x, body)' }, Array(600).fill('x'.repeat(100)), /larger|too much/],
  ])('%s', async (_name, source, body, message) => {
    const rules = { source: { dedupe_key: 'headers["x-id"]', ...source } };
    const { send, submitted, decide } = await openIngest(rules);
    const request = aRequest(JSON.stringify(body), { 'x-id': 'a' });
    expect(await send(request)).toMatchObject({ status: 'accepted' });
    expect(submitted).toMatchObject([
      { event: { item: 0, dedupe_key: '', body: JSON.stringify(body) }, deliveries: [] },
    ]);
    for (const decisions of await decide(request)) {
      expect(decisions).toMatchObject([{ outcome: 'error', where: 'source.split' }]);
      expect(decisions[0]).toMatchObject({ message: expect.stringMatching(message) });
    }
  });

  test('more deliveries than one commit takes', async () => {
    const mappings = Array.from({ length: 26 }, () => ({}));
    const { send, submitted } = await openIngest({ source: { split: 'body' }, mappings });
    await send(JSON_BODY(Array(200).fill(0)));
    expect(submitted).toMatchObject([{ event: { item: 0 }, deliveries: [] }]);
    expect(submitted[0]?.event.decisions[0]).toMatchObject({ outcome: 'error', where: 'source.split' });
  });
});

test('one event that an expression fails for is decided as an error, the others are not', async () => {
  const { send, submitted } = await openIngest({ source: { split: 'body', extract: { half: 'body.n / 2' } } });
  await send(JSON_BODY([{ n: 4 }, { n: 'x' }, {}]));
  expect(submitted.map(({ event }) => event.decisions[0]?.outcome)).toEqual(['delivery', 'error', 'delivery']);
});

test('the work of all expressions is limited for a request as a whole, and each event has its part', async () => {
  const greedy = 'body.list.exists(x, x == "none")';
  const { send, submitted } = await openIngest({ source: { split: 'body' }, mappings: [{ filter: greedy }] });
  const list = Array(2_500).fill('x');
  await send(JSON_BODY([...Array(60).fill({ list }), { list: ['none'] }]));
  expect(submitted.at(-1)?.event.decisions).toMatchObject([{ outcome: 'delivery' }]);
});

test('every event counts against the rate limit; a request that began within it is taken whole', async () => {
  const { send } = await openIngest({ source: { split: 'body', rate_limit: 2 } });
  expect(await send(aRequest('[1,2,3,4,5,6]'))).toMatchObject({ status: 'batch' });
  expect(await send(aRequest('[1]'))).toMatchObject({ status: 'refused', code: 'too_many_requests', retryAfter: 3 });
});

test('wide requests use up hops like wide events', async () => {
  const { send, submitted } = await openIngest({ source: { split: 'body' } });
  await send(JSON_BODY(Array(16).fill(0)));
  expect(submitted[0]?.event.hops).toBe(2);
});

describe('later', () => {
  const stored = (fields: Partial<StoredEvent>) =>
    ({ ...BASE, ...fields, headers: [['content-type', 'application/json']] }) as StoredEvent;
  const BASE = {
    id: 'event0000000001',
    source: 'source000000001',
    trigger: '',
    type: '',
    query: '',
    method: 'POST',
    item: 0,
    content_type: 'application/json',
    body_encoding: 'utf8',
    extracted: {},
    decisions: [],
    received_at: '2026-01-31T12:00:00.000Z',
    correlation_id: '',
  };
  const mappings = [{}, { template: '{{ body.id }}', filter: 'body.id != "b"' }];

  test('an event of a list is not split again', async () => {
    const replan = createReplan(await openRules({ source: SPLIT, mappings }));
    const routes = await replan(stored({ item: 2, body: '{"id":"a","events":[1,2]}' }));
    expect(routes.map(({ delivery }) => delivery?.request_body)).toEqual(['', 'a']);
  });

  test('a request stored as a whole is split by the rules of now, each event with its own body', async () => {
    const replan = createReplan(await openRules({ source: SPLIT, mappings }));
    const routes = await replan(stored({ body: '{"events":[{"id":"a"},{"id":"b"}]}' }));
    expect(routes.map(({ decision }) => decision.outcome)).toEqual(['delivery', 'delivery', 'delivery', 'filtered']);
    expect(routes.map(({ delivery }) => delivery && [delivery.passthrough, delivery.request_body])).toEqual([
      [false, '{"id":"a"}'],
      [false, 'a'],
      [false, '{"id":"b"}'],
      undefined,
    ]);
  });
});

test.each([
  ['', undefined],
  ['body', undefined],
  ['body.?events.orValue([])', undefined],
  ['body.events.map(e, {"e": e})', undefined],
  ['size(body)', /not a list/],
  ['"a"', /not a list/],
  ['body.(', /\S/],
])('saved as %j', (split, problem) => {
  const problems = checkRecord('sources', (field) => (field === 'split' ? split : ''));
  if (problem) expect(problems.split).toMatch(problem);
  else expect(problems).toEqual({});
});
