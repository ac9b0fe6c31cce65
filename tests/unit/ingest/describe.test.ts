import { createContext } from '../../../api/src/ingest/context.ts';
import { createDescribe } from '../../../api/src/ingest/describe.ts';
import type { Source } from '../../../api/src/model/configuration.ts';
import { aSource } from '../../support/records.ts';

const EVENT = {
  id: 'e1',
  type: '',
  received_at: '2026-01-31T12:00:00.000Z',
  correlation_id: 'c1',
  method: 'POST',
  query: 'a=1&a=2&b=x%20y',
  extracted: {},
};

function describeBody(rules: Partial<Source>, body: unknown, headers: Record<string, string> = {}) {
  return createDescribe()(aSource(rules), createContext('shop', EVENT, headers, body));
}

test.each<[string, Partial<Source>, unknown, string]>([
  ['an expression', { event_type: 'body.action' }, { action: 'opened' }, 'opened'],
  ['a number', { event_type: 'body.code' }, { code: 42 }, '42'],
  ['a whole number beyond 2^53', { event_type: 'body.code' }, { code: 9_007_199_254_740_993n }, '9007199254740993'],
  ['a missing key', { event_type: 'body.action' }, {}, ''],
  ['null', { event_type: 'body.action' }, { action: null }, ''],
  ["the scheme's default", {}, { type: 'order.paid' }, 'order.paid'],
  ['of a body without one', {}, { type: 7 }, ''],
  ['of a body that is a text', {}, 'hello', ''],
  ['of no body', {}, null, ''],
  ['one that is too long', { event_type: 'body.t' }, { t: 'x'.repeat(500) }, 'x'.repeat(200)],
])('event type: %s', async (_name, rules, body, type) => {
  expect(await describeBody(rules, body)).toMatchObject({ type, failure: undefined });
});

describe('dedupe key', () => {
  test.each<[string, Partial<Source>, unknown, string]>([
    ['an expression', { dedupe_key: 'body.id' }, { id: 'evt_1' }, 'evt_1'],
    ['the query', { dedupe_key: 'query.b' }, {}, 'x y'],
    ['a missing key: never a duplicate', { dedupe_key: 'body.id' }, {}, ''],
    ['a map: its JSON', { dedupe_key: 'body' }, { id: 1, at: [2] }, '{"id":1,"at":[2]}'],
  ])('%s', async (_name, rules, body, dedupe_key) => {
    expect(await describeBody(rules, body)).toMatchObject({ dedupe_key, failure: undefined });
  });

  test("the scheme's default is the Idempotency-Key header", async () => {
    expect(await describeBody({}, {}, { 'idempotency-key': 'k1' })).toMatchObject({ dedupe_key: 'k1' });
    expect(await describeBody({}, {})).toMatchObject({ dedupe_key: '' });
  });

  test("GitHub's is the delivery's id", async () => {
    const rules = { verification: 'github' } as const;
    expect(await describeBody(rules, {}, { 'x-github-delivery': 'guid' })).toMatchObject({ dedupe_key: 'guid' });
  });

  test('long ones that differ at the end stay different, and fit', async () => {
    const described = ['a', 'b'].map((end) => describeBody({ dedupe_key: 'body.id' }, { id: 'x'.repeat(600) + end }));
    const keys = await Promise.all(described);
    expect(keys[0]?.dedupe_key).not.toBe(keys[1]?.dedupe_key);
    for (const { dedupe_key } of keys) expect(dedupe_key.length).toBeLessThanOrEqual(500);
  });
});

describe('extraction', () => {
  test('gives what is there; a missing key is absent, not a failure', async () => {
    const extract = { title: 'body.issue.title', labels: 'body.labels.map(l, l.name)', none: 'body.none' };
    const described = await describeBody(
      { extract },
      { issue: { title: 'Bug' }, labels: [{ name: 'a' }, { name: 'b' }] },
    );
    expect(described.extracted).toEqual({ title: 'Bug', labels: ['a', 'b'] });
    expect(described.failure).toBeUndefined();
  });

  test.each<[string, Partial<Source>, string]>([
    ['a rule that fails', { extract: { good: 'body.n', bad: 'body.n + "x"' } }, 'extract.bad'],
    ['a rule that can not be compiled', { extract: { bad: 'body.' } }, 'extract.bad'],
    ['the event type', { event_type: 'int(body.text)' }, 'event_type'],
    ['the dedupe key', { dedupe_key: 'int(body.text)' }, 'dedupe_key'],
    ['the first of several', { event_type: 'int(body.text)', extract: { bad: 'body.' } }, 'event_type'],
  ])('names what failed: %s', async (_name, rules, where) => {
    const described = await describeBody(rules, { n: 1, text: 'secret-text' });
    expect(described.failure).toMatchObject({ where, message: expect.stringMatching(/\S{3}/) });
    expect(described.failure?.message).not.toContain('secret-text');
  });

  test('a failing rule leaves the others their results', async () => {
    expect((await describeBody({ extract: { bad: 'body.', good: 'body.n' } }, { n: 1 })).extracted).toEqual({
      good: 1,
    });
  });
});
