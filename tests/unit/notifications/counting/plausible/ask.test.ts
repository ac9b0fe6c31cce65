import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGuard, type GuardOptions } from '../../../../../api/src/delivery/guard.ts';
import { type Ask, createAsk } from '../../../../../api/src/notifications/counting/plausible/ask.ts';
import { currentVisitors, visitorsBetween } from '../../../../../api/src/notifications/counting/plausible/requests.ts';
import { type FakePlausible, startFakePlausible } from '../../../../support/fake-plausible.ts';
import { LOOPBACK } from '../../../../support/plausible-bench.ts';

let fake: FakePlausible;
const open: (() => void)[] = [];

beforeAll(async () => {
  fake = await startFakePlausible(Date.now);
  fake.addSite('example.com');
});
beforeEach(() => {
  fake.interfere = () => false;
  fake.asked.length = 0;
});
afterAll(async () => {
  for (const close of open) close();
  await fake.close();
});

function askThrough(guard: Partial<GuardOptions> = {}): Ask {
  const stopping = new AbortController();
  const { ask, close } = createAsk({
    guard: createGuard({ ...LOOPBACK, ...guard }),
    userAgent: 'Pockethook/test',
    signal: stopping.signal,
  });
  open.push(() => {
    stopping.abort();
    close();
  });
  return ask;
}

const siteOf = (fields = {}) => ({ url: fake.url, key: fake.key, domain: 'example.com', ...fields });
const current = currentVisitors('example.com');

test('asks for the visitors of now, and of a window', async () => {
  const ask = askThrough();
  fake.event('example.com', 'ann');
  fake.event('example.com', 'bob', { at: Date.now() - 600_000 });
  expect(await ask(siteOf(), current)).toEqual({ ok: true, value: 1 });
  expect(await ask(siteOf({ url: `${fake.url}/` }), current)).toEqual({ ok: true, value: 1 });
  const hour = visitorsBetween('example.com', Date.now() - 3_600_000, Date.now());
  expect(await ask(siteOf(), hour)).toEqual({ ok: true, value: 2 });
  expect(fake.asked.map(({ path }) => path)).toEqual([
    '/api/v1/stats/realtime/visitors',
    '/api/v1/stats/realtime/visitors',
    '/api/v2/query',
  ]);
  expect(fake.asked[2]).toMatchObject({
    authorization: `Bearer ${fake.key}`,
    body: { site_id: 'example.com', metrics: ['visitors'] },
  });
});

const reply =
  (status: number, body: string, headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
    return true;
  };

test.each<[string, string, (typeof fake)['interfere'], RegExp]>([
  [
    'a refused question',
    'query_refused',
    reply(400, '{"error": "Invalid\\nmetric \\"x\\"."}'),
    /: Invalid metric "x" \(400\)\.$/,
  ],
  ['a refused question that says nothing', 'query_refused', reply(400, '<html>'), /does not say why/],
  ['a plan without it', 'plan', reply(402, '{"error": "upgrade"}'), /plan .* \(402\)/],
  ['no permission', 'key_refused', reply(403, '{}'), /example\.com/],
  ['no such page', 'not_found', reply(404, 'no'), /statistics_url/],
  ['too many', 'rate_limited', reply(429, '{}'), /requests of this hour/],
  ['a fault', 'failing', reply(502, '<html>bad gateway</html>'), /fails \(502\)/],
  ['a page', 'unexpected_answer', reply(200, '<html>Welcome</html>'), /check statistics_url/],
  ['another JSON', 'unexpected_answer', reply(200, '{"visitors": 3}'), /check statistics_url/],
  ['a count that is none', 'unexpected_answer', reply(200, '-1'), /check statistics_url/],
  ['a redirect', 'unexpected_answer', reply(302, '', { location: 'http://169.254.169.254/' }), /\(302\)/],
  ['more than it can be', 'unexpected_answer', reply(200, `[${'1,'.repeat(1024 * 1024)}1]`), /longer than 1024 KiB/],
  ['no answer', 'unreachable', () => true, /within 0\.2 s/],
  ['a broken connection', 'unreachable', (request) => Boolean(request.socket.destroy()), /can not be reached \(/],
])('%s is told as %s, with what to do', async (_, code, interfere, message) => {
  fake.interfere = interfere;
  const asked = await askThrough()(siteOf(), { ...current, timeoutMs: 200 });
  expect(asked).toEqual({ ok: false, problem: { code, message: expect.stringMatching(message) } });
  expect(fake.asked).toHaveLength(1);
});

test('a wrong key, and a site that the key may not read', async () => {
  const ask = askThrough();
  const problem = { ok: false, problem: { code: 'key_refused', message: expect.stringContaining('(401)') } };
  expect(await ask(siteOf({ key: 'wrong' }), current)).toEqual(problem);
  expect(await ask(siteOf(), currentVisitors('other.example'))).toEqual(problem);
});

test('says how long it is to be left alone', async () => {
  fake.interfere = reply(429, '{}', { 'retry-after': '120' });
  expect(await askThrough()(siteOf(), current)).toMatchObject({ problem: { retryAfterMs: 120_000 } });
});

test('a server that repeats the key does not show it', async () => {
  fake.interfere = (request, response) =>
    reply(400, JSON.stringify({ error: request.headers.authorization }))(request, response);
  const asked = await askThrough()(siteOf(), current);
  expect(JSON.stringify(asked)).not.toContain(fake.key);
});

test.each<[string, string, Partial<GuardOptions>]>([
  ['plain HTTP', 'http://127.0.0.1:8000', { allowHttp: false }],
  ['an address that is not public', 'https://127.0.0.1:8000', { allowedNetworks: [] }],
  ['a name of this machine', 'https://localhost', { allowedNetworks: [] }],
  ['a port', 'https://plausible.example:22', {}],
])('%s is reached only if settings allow it', async (_, url, guard) => {
  const asked = await askThrough(guard)(siteOf({ url }), current);
  expect(asked).toMatchObject({
    ok: false,
    problem: { code: 'unreachable', message: expect.stringContaining('ALLOW') },
  });
});

test('every address of a name is looked at when it connects', async () => {
  const resolve: GuardOptions['resolve'] = (_, __, callback) => callback(null, [{ address: '10.0.0.7', family: 4 }]);
  const url = fake.url.replace('127.0.0.1', 'plausible.example');
  const asked = await askThrough({ resolve })(siteOf({ url }), current);
  expect(asked).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
  expect(JSON.stringify(asked)).not.toContain('10.0.0.7');
  expect(fake.asked).toEqual([]);
});

test('the host that is really connected to is looked at, too', async () => {
  // A guard that only forgot to look at the URL.
  const guard = { ...createGuard({ ...LOOPBACK, allowedNetworks: [] }), checkUrl: () => [] };
  const stopping = new AbortController();
  const { ask, close } = createAsk({ guard, userAgent: 'x', signal: stopping.signal });
  open.push(close);
  expect(await ask(siteOf(), current)).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
  expect(fake.asked).toEqual([]);
});
