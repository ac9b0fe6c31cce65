import { gzipSync } from 'node:zlib';
import { aSite } from '../support/notifications.ts';
import { describeWithServices, startPocketBase, type TestPocketBase } from '../support/services.ts';
import { startTracking, type Tracking } from '../support/tracking.ts';
import { until } from '../support/until.ts';
import { CHROME } from '../support/user-agent.ts';
import { openWorkspace } from './workspace.ts';

/** Ids of sites, one for each test. */
const id = (n: number) => `site0000000000${n}`;
const event = (n: number, fields: object = {}) => ({
  n: 'pageview',
  u: `https://${n}.example.com/`,
  d: `${n}.example.com`,
  ...fields,
});

describeWithServices('POST /api/event', () => {
  let pocketbase: TestPocketBase;
  let tracking: Tracking;
  beforeAll(async () => {
    pocketbase = await startPocketBase();
    const sites = Array.from({ length: 9 }, (_, n) => aSite({ id: id(n), domain: `${n}.example.com` }));
    tracking = await startTracking(pocketbase, { sites });
  });
  afterAll(async () => {
    await tracking?.close();
    await pocketbase?.stop();
  });

  test('a hit is durable and counted once it is answered with 202', async () => {
    const answer = await tracking.post(event(0, { r: 'https://news.ycombinator.com/item?id=1' }));
    expect([answer.status, await answer.text()]).toEqual([202, 'ok']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('x-plausible-dropped')).toBeNull();
    expect(await tracking.read(id(0))).toEqual({
      visitors: 1,
      pages: { '/': 1 },
      sources: { 'news.ycombinator.com': 1 },
      dropped: {},
    });
  });

  test('visitors are told apart by address and browser', async () => {
    const as = (ip: string, agent: string) => tracking.post(event(1), { 'x-forwarded-for': ip, 'user-agent': agent });
    await as('192.0.2.1', CHROME);
    await as('192.0.2.1', CHROME);
    await as('192.0.2.1', `${CHROME} Edg/140.0`);
    await as('192.0.2.2', CHROME);
    expect(await tracking.read(id(1))).toMatchObject({ visitors: 3, pages: { '/': 4 } });
  });

  test.each([
    ['application/json', undefined],
    ['text/plain', undefined],
    ['application/json; charset=utf-8', 'gzip'],
    ['', undefined],
  ])('JSON is read whatever its type (%s, %s)', async (type, encoding) => {
    const body = JSON.stringify(event(2));
    const answer = await fetch(tracking.url, {
      method: 'POST',
      headers: { 'content-type': type, 'user-agent': CHROME, ...(encoding && { 'content-encoding': encoding }) },
      body: encoding ? gzipSync(body) : body,
    });
    expect(answer.status).toBe(202);
    expect((await tracking.read(id(2))).pages['/']).toBeGreaterThan(0);
  });

  test('each domain of a list is counted, and those that are dropped are told', async () => {
    const answer = await tracking.post(event(3, { d: '3.example.com,4.example.com,unknown.example,unknown.example' }));
    expect([answer.status, answer.headers.get('x-plausible-dropped')]).toEqual([202, '1']);
    expect([(await tracking.read(id(3))).visitors, (await tracking.read(id(4))).visitors]).toEqual([1, 1]);
  });

  test('a bot is dropped, with its reason', async () => {
    const answer = await tracking.post(event(5), { 'user-agent': 'Googlebot/2.1' });
    expect([answer.status, answer.headers.get('x-plausible-dropped')]).toEqual([202, '1']);
    await tracking.flush();
    expect(await tracking.read(id(5))).toEqual({ visitors: 0, pages: {}, sources: {}, dropped: { bot: 1 } });
  });

  test('engagement keeps a visit going and begins none', async () => {
    const engagement = event(6, { n: 'engagement', sd: 50, e: 3_000 });
    expect((await tracking.post(engagement)).status).toBe(202);
    expect((await tracking.read(id(6))).visitors).toBe(0);
    await tracking.post(event(6));
    await tracking.post(engagement);
    expect(await tracking.read(id(6))).toMatchObject({ visitors: 1, pages: { '/': 1 } });
  });

  test('a page of any origin may post, and read what came of it', async () => {
    const preflight = await fetch(tracking.url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*');
    for (const answer of [
      preflight,
      await tracking.post(event(7)),
      await tracking.post('{'),
      await fetch(tracking.url),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  test.each<[string, string | object, number, unknown]>([
    ['no JSON', '{"n":', 400, { errors: { request: ['Unable to parse request body as json'] } }],
    ['a list', '[]', 400, { errors: { request: [expect.any(String)] } }],
    ['no domain', { n: 'pageview', u: '/x' }, 400, { errors: { domain: ["can't be blank"] } }],
    ['bytes that are no text', '"\\ud800"', 400, { errors: { request: [expect.any(String)] } }],
    ['nesting', `${'['.repeat(70)}${']'.repeat(70)}`, 400, { errors: { request: [expect.any(String)] } }],
    ['more values than a tracker has', `[${'1,'.repeat(3_000)}1]`, 413, { code: 'body_too_large' }],
    ['more than a megabyte', `"${'x'.repeat(1024 * 1024)}"`, 413, { code: 'body_too_large' }],
  ])('refused: %s', async (_name, body, status, answer) => {
    const response = await tracking.post(body);
    expect([response.status, await response.json()]).toEqual([
      status,
      typeof answer === 'object' ? expect.objectContaining(answer as object) : answer,
    ]);
  });

  test('other methods and encodings are refused', async () => {
    const get = await fetch(tracking.url);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await tracking.post(event(8), { 'content-encoding': 'zstd' })).status).toBe(415);
  });

  test('every hit of many at once is counted', async () => {
    const posts = Array.from({ length: 200 }, (_, n) => tracking.post(event(8), { 'x-forwarded-for': `192.0.2.${n}` }));
    expect(new Set((await Promise.all(posts)).map(({ status }) => status))).toEqual(new Set([202]));
    expect(await tracking.read(id(8))).toMatchObject({ visitors: 200, pages: { '/': 200 } });
  });

  test('metrics count results; no line is written for a hit', async () => {
    expect(await tracking.metric()).toMatchObject({
      recorded: expect.any(Number),
      bot: 1,
      unknown_site: 1,
      invalid: expect.any(Number),
    });
    expect(tracking.lines.filter(({ message }) => message !== 'request')).toEqual([]);
  });
});

describeWithServices('POST /api/event without a store', () => {
  test('is answered with 503 and when to come again', async () => {
    const pocketbase = await startPocketBase();
    const tracking = await startTracking(pocketbase, { sites: [aSite()] });
    await pocketbase.stop();
    const answer = await tracking.post({ n: 'pageview', u: 'https://example.com/' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({ code: 'store_unavailable' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    await tracking.close();
  });
});

describeWithServices('POST /api/event while PocketBase is killed', () => {
  test('loses nothing that was acknowledged, and counts nothing twice', async () => {
    const pocketbase = await startPocketBase();
    const tracking = await startTracking(pocketbase, { sites: [aSite()] });
    let sent = 0;
    let acknowledged = 0;
    // Each visitor comes once.
    const post = async () => {
      const ip = `10.0.${sent >> 8}.${sent++ & 255}`;
      const { status } = await tracking.post({ n: 'pageview', u: 'https://example.com/' }, { 'x-forwarded-for': ip });
      if (status === 202) acknowledged++;
    };
    for (let kills = 0; kills < 3; kills++) {
      const posts = Array.from({ length: 60 }, post);
      await posts[kills];
      process.kill(pocketbase.pid as number, 'SIGKILL');
      posts.push(...Array.from({ length: 60 }, post));
      await Promise.all(posts);
      const before = acknowledged;
      await until('the store', async () => {
        await post();
        return acknowledged > before || undefined;
      });
    }
    const { visitors, pages } = await tracking.read(aSite().id);
    expect(visitors).toBeGreaterThanOrEqual(acknowledged);
    expect(visitors).toBeLessThanOrEqual(sent);
    expect(pages).toEqual({ '/': visitors });
    await tracking.close();
    await pocketbase.stop();
  });
});

describeWithServices('a site that was just made', () => {
  test('is counted at once, until it is disabled', async () => {
    const workspace = await openWorkspace();
    const post = async () => {
      const body = JSON.stringify({ n: 'pageview', u: 'https://www.shop.example/' });
      const headers = { 'content-type': 'text/plain', 'user-agent': CHROME };
      const answer = await fetch(`${workspace.app.url}/api/event`, { method: 'POST', headers, body });
      return [answer.status, answer.headers.get('x-plausible-dropped')];
    };
    expect(await post()).toEqual([202, '1']);
    const made = await workspace.api('POST', '/sites', { domain: 'shop.example' });
    expect(made.status).toBe(201);
    expect(await post()).toEqual([202, null]);
    await workspace.api('PATCH', `/sites/${made.body.id}`, { enabled: false });
    expect(await post()).toEqual([202, '1']);
    await workspace.stop();
  });
});
