import { type FakePlausible, startFakePlausible } from '../support/fake-plausible.ts';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { CHROME } from '../support/user-agent.ts';
import { type Run, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const DOMAIN = 'shop.example';
const HOUR = 3_600_000;

describeWithServices('a site that Plausible counts', () => {
  let workspace: Workspace;
  let sink: Sink;
  let fake: FakePlausible;
  let site: string;
  let trigger: string;
  /** With many visitors, and before it with one an hour. */
  const hour = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;

  async function call(method: string, path: string, body?: object) {
    const answer = await workspace.api(method, path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  function cli(...args: string[]): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', workspace.app.url], { env });
  }

  const statistics = async () => (await call('GET', `/sites/${site}`)).statistics;
  const readAgain = () => until('the site to be read', async () => ((await statistics()).problem ? undefined : true));

  beforeAll(async () => {
    workspace = await openWorkspace();
    sink = await startSink();
    fake = await startFakePlausible(Date.now);
    fake.addSite(DOMAIN, { timezone: 'Europe/Berlin' });
    for (let back = 1; back < 100; back++) fake.event(DOMAIN, 'ann', { at: hour - back * HOUR });
    for (let n = 0; n < 50; n++) fake.event(DOMAIN, `visitor ${n}`, { at: hour });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
    await fake?.close();
  });

  test('is made with a key that nobody sees again, and that goes to no other server', async () => {
    const made = await call('POST', '/sites', {
      domain: DOMAIN,
      timezone: 'Europe/Berlin',
      enabled: false,
      counted_by: 'plausible',
      statistics_url: `${fake.url}/`,
      statistics_key: fake.key,
    });
    site = made.id;
    expect(made).toMatchObject({ counted_by: 'plausible', statistics_url: fake.url, statistics_key: '••••-key' });
    expect(await statistics()).toEqual({ every: null, read_at: null, problem: null });
    const moved = await workspace.api('PATCH', `/sites/${site}`, { statistics_url: 'http://127.0.0.1:9999' });
    expect(moved).toMatchObject({ status: 400, body: { errors: [{ field: '/statistics_key' }] } });
    const hits = await call('POST', '/sites', { domain: 'hits.example' });
    expect(hits).toMatchObject({ counted_by: 'hits', statistics_url: '', statistics_key: '' });
    expect((await call('GET', `/sites/${hits.id}`)).statistics).toBeNull();
  });

  test('its spike reaches a webhook', async () => {
    const { id: destination } = await call('POST', '/destinations', { name: 'hook', type: 'http', url: sink.url });
    const spike = {
      site,
      name: 'launch',
      type: 'visitor_spike',
      threshold: 3,
      readings: 1,
      destinations: [destination],
    };
    trigger = (await call('POST', '/triggers', spike)).id;
    for (const visitor of ['ann', 'bob', 'eve'])
      fake.event(DOMAIN, visitor, { page: '/launch', source: 'Hacker News', at: Date.now() + 1 });
    // The key comes back as it was shown.
    await call('PATCH', `/sites/${site}`, { enabled: true, statistics_key: '••••-key' });
    const [request] = await sink.waitFor(1);
    expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
      type: 'visitor.spike',
      site: { domain: DOMAIN },
      value: 3,
      top_pages: [{ page: '/launch', pageviews: 3 }],
      top_sources: [{ source: 'Hacker News', visitors: 3 }],
    });
    await until('its reading to be told', async () => ((await statistics()).read_at ? true : undefined));
    expect(await statistics()).toMatchObject({ every: '30s', problem: null });
    expect((await cli('sites', 'test', DOMAIN)).out).toMatch(/^read every 30s/);
    const shown = await cli('sites', 'show', DOMAIN);
    expect(shown.out).toMatch(/^state +read every 30s, last at \S+Z$/m);
    expect(shown.out).not.toContain(fake.key);
  });

  test('what trackers report of it is dropped', async () => {
    const answer = await fetch(`${workspace.app.url}/api/event`, {
      method: 'POST',
      headers: { 'user-agent': CHROME },
      body: JSON.stringify({ n: 'pageview', u: `https://${DOMAIN}/`, d: DOMAIN }),
    });
    expect([answer.status, answer.headers.get('x-plausible-dropped')]).toEqual([202, '1']);
  });

  test('a backtest goes by the past that Plausible knows', async () => {
    const draft = { site, type: 'visitor_spike', window: '1h', threshold: 20 };
    const result = await call('POST', '/triggers/backtest', { draft, days: 7 });
    expect(result).toMatchObject({ count: 1, firings: [{ type: 'visitor.spike' }] });
    expect(Date.parse(result.firings[0].at)).toBeGreaterThanOrEqual(hour);
    expect(Date.parse(result.firings[0].at)).toBeLessThan(hour + HOUR);
  });

  test('a key that it refuses is told everywhere, and nobody is told of a drop', async () => {
    const before = sink.requests.length;
    await call('PATCH', `/sites/${site}`, { statistics_key: 'another-key' });
    const problem = await until('the problem to be told', async () => (await statistics()).problem ?? undefined);
    expect(problem).toMatchObject({ code: 'key_refused', message: expect.stringContaining(DOMAIN) });
    expect((await cli('sites', 'show', DOMAIN)).out).toMatch(
      /^state +not read since \S+Z, last at \S+Z: Plausible refuses/m,
    );
    const doctor = await cli('doctor');
    expect(doctor.exitCode).not.toBe(0);
    expect(doctor.out).toMatch(/✗ statistics: shop\.example is not read since/);
    const backtest = await workspace.api('POST', '/triggers/backtest', { trigger, days: 7 });
    expect(backtest).toMatchObject({ status: 503, body: { code: 'statistics_unavailable' } });
    await call('PATCH', `/sites/${site}`, { statistics_key: fake.key });
    await readAgain();
    expect((await cli('doctor')).out).toMatch(/✓ statistics: 1 of 2 sites are read from Plausible/);
    expect(sink.requests).toHaveLength(before);
  });
});
