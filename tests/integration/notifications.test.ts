import { Webhook } from 'standardwebhooks';
import { describeWithServices, startApp, type TestApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { CHROME } from '../support/user-agent.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const DOMAIN = 'shop.example';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describeWithServices('notifications', () => {
  let workspace: Workspace;
  let sink: Sink;
  let site: string;
  let webhook: string;
  let chat: string;

  async function create(kind: string, body: object): Promise<string> {
    const answer = await workspace.api('POST', `/${kind}`, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.id;
  }

  beforeAll(async () => {
    workspace = await openWorkspace();
    sink = await startSink();
    site = await create('sites', { domain: DOMAIN, timezone: 'Europe/Berlin' });
    webhook = await create('destinations', { name: 'webhook', type: 'http', url: sink.url, secrets: [SECRET] });
    chat = await create('destinations', { name: 'chat', type: 'slack', url: `${sink.url}/slack` });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  /** A visitor is a browser at an address; each of these has a browser of its own. */
  async function visit(browser: number, event: object = {}, app: Pick<TestApp, 'url'> = workspace.app) {
    const response = await fetch(`${app.url}/api/event`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'user-agent': `${CHROME} Edg/${browser}` },
      body: JSON.stringify({
        n: 'pageview',
        u: `https://${DOMAIN}/launch?secret=canary`,
        d: DOMAIN,
        r: 'https://news.ycombinator.com/item?id=1',
        ...event,
      }),
    });
    expect([response.status, response.headers.get('x-plausible-dropped')]).toEqual([202, null]);
  }

  const armed = (trigger: string) =>
    until('the trigger to be watched', async () => {
      const { states } = await workspace.pb.send('/api/pockethook/triggers/states', {
        method: 'POST',
        body: { triggers: [trigger] },
      });
      return states[0]?.state.phase === 'armed' ? true : undefined;
    });

  const eventsOf = async (trigger: string) =>
    (await workspace.api('GET', `/events?trigger=${trigger}`)).body.data as Record<string, unknown>[];

  test('a spike reaches a signed webhook and a chat, and is an event as any other', async () => {
    const trigger = await create('triggers', {
      site,
      name: 'launch',
      type: 'visitor_spike',
      threshold: 3,
      readings: 1,
      destinations: [webhook, chat],
    });
    await armed(trigger);
    const before = sink.requests.length;
    for (const browser of [1, 2, 2, 3]) await visit(browser);
    const requests = (await sink.waitFor(before + 2)).slice(before);

    const signed = requests.find(({ url }) => url === '/');
    const headers = signed?.headers as Record<string, string>;
    const payload = new Webhook(SECRET).verify(signed?.body.toString() ?? '', headers);
    expect(payload).toMatchObject({
      type: 'visitor.spike',
      version: 1,
      site: { domain: DOMAIN, timezone: 'Europe/Berlin' },
      trigger: { id: trigger, name: 'launch', type: 'visitor_spike' },
      value: 3,
      threshold: 3,
      top_pages: [{ page: '/launch', pageviews: 4 }],
      top_sources: [{ visitors: 3 }],
    });
    expect(signed?.body.toString()).not.toContain('canary');
    const message = JSON.parse(requests.find(({ url }) => url === '/slack')?.body.toString() ?? '{}');
    expect(message.text).toContain('shop.example: 3 visitors in 5 minutes.');
    expect(message.text.replaceAll('\u200b', '')).toContain('Top page /launch (4)');

    const { state } = (await workspace.api('GET', `/triggers/${trigger}`)).body;
    expect(state).toEqual({
      phase: 'firing',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      reason: 'firing',
      explanation: '3 visitors in 5 minutes. It has told; it is over at 2.4 or fewer.',
      until: null,
      reading: { at: expect.stringMatching(/^\d{4}-.*Z$/), value: 3, threshold: 3, baseline: null },
    });
    const listed = (await workspace.api('GET', '/triggers')).body.data.find(({ id }: { id: string }) => id === trigger);
    expect(listed.state).toEqual({ phase: state.phase, since: state.since });

    const [event] = await eventsOf(trigger);
    expect(event).toMatchObject({ source: '', trigger, type: 'visitor.spike' });
    const { body: shown } = await workspace.api('GET', `/events/${event?.id}`);
    expect(shown.deliveries).toHaveLength(2);
    expect(shown.deliveries[0]).toMatchObject({ mapping: '' });
    const { body: explained } = await workspace.api('GET', `/events/${event?.id}/explain`);
    expect(explained).toMatchObject({
      source: '',
      trigger,
      event_type: { at_accept: 'visitor.spike', now: 'visitor.spike' },
    });
    expect(explained.mappings).toMatchObject([
      { mapping: '', destination: webhook, at_accept: { outcome: 'delivery' }, now: { outcome: 'delivery' } },
      { mapping: '', destination: chat, at_accept: { outcome: 'delivery' }, now: { outcome: 'delivery' } },
    ]);
  });

  test('a firing is replayed: the very bytes, or to the destinations of now', async () => {
    const [event] = (await workspace.api('GET', '/events?type=visitor.spike')).body.data;
    const other = await create('destinations', { name: 'other', type: 'http', url: `${sink.url}/other` });
    const replay = async (mode: string) => {
      const before = sink.requests.length;
      const answer = await workspace.api('POST', `/events/${event.id}/replay`, { mode });
      expect(answer.status).toBe(202);
      const made = answer.body.deliveries.length;
      return (await sink.waitFor(before + made))
        .slice(before)
        .map(({ url }) => url)
        .sort();
    };
    expect(await replay('original')).toEqual(['/', '/slack']);
    expect((await workspace.api('PATCH', `/triggers/${event.trigger}`, { destinations: [other] })).status).toBe(200);
    expect(await replay('current')).toEqual(['/other']);
  });

  test('many are replayed at once, each destination of a firing once', async () => {
    const before = sink.requests.length;
    const answer = await workspace.api('POST', '/replays', {
      mode: 'original',
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    });
    expect(answer.status).toBe(202);
    expect(
      (await sink.waitFor(before + 2))
        .slice(before)
        .map(({ url }) => url)
        .sort(),
    ).toEqual(['/', '/slack']);
  });

  test('a goal is told with its page and revenue, once however often its hit is looked at', async () => {
    const goal = await create('goals', { site, name: 'Purchase', event_name: 'Purchase', currency: 'EUR' });
    const trigger = await create('triggers', {
      site,
      name: 'sales',
      type: 'goal_completion',
      goal,
      destinations: [webhook],
    });
    await armed(trigger);
    const before = sink.requests.length;
    await visit(9, { n: 'Purchase', u: `https://${DOMAIN}/thanks`, $: { amount: '49.00', currency: 'EUR' } });
    const [request] = (await sink.waitFor(before + 1)).slice(before);
    expect(JSON.parse(request?.body.toString() ?? '{}')).toMatchObject({
      type: 'goal.completed',
      goal: { name: 'Purchase' },
      count: 1,
      page: '/thanks',
      revenue: { amount: '49.00', currency: 'EUR' },
    });
  });

  test('a draft is tried on what was counted, and a trigger by its id', async () => {
    const draft = { site, type: 'visitor_spike', threshold: 1_000 };
    const { status, body } = await workspace.api('POST', '/triggers/backtest', { draft, days: 7 });
    expect([status, body]).toEqual([200, expect.objectContaining({ count: 0, firings: [] })]);
    const [{ id }] = (await workspace.api('GET', '/triggers?limit=1')).body.data;
    expect((await workspace.api('POST', '/triggers/backtest', { trigger: 'unknown00000000' })).status).toBe(404);
    expect((await workspace.api('POST', '/triggers/backtest', { draft: {} })).status).toBe(400);
    const ofGoal = (await workspace.api('GET', '/triggers')).body.data.find(
      ({ name }: { name: string }) => name === 'sales',
    );
    const sales = await workspace.api('POST', '/triggers/backtest', { trigger: ofGoal.id, days: 2 });
    expect(sales).toMatchObject({ status: 200, body: { count: expect.any(Number), firings: expect.any(Array) } });
    const other = { site, type: 'goal_completion', goal: 'unknown00000000' };
    expect((await workspace.api('POST', '/triggers/backtest', { draft: other })).body.detail).toContain(
      '/draft/goal is needed',
    );
    const known = await workspace.api('POST', '/triggers/backtest', {
      trigger: id,
      draft: { type: 'visitor_spike', threshold: 5 },
    });
    expect(known.status).toBe(200);
  });

  test('a second API process goes on when the first is stopped, and nothing is told twice', async () => {
    const trigger = await create('triggers', {
      site,
      name: 'twice',
      type: 'goal_completion',
      goal: await create('goals', { site, name: 'Signup', event_name: 'Signup' }),
      destinations: [webhook],
    });
    await armed(trigger);
    const second = await startApp(workspace.pocketbase);
    try {
      await visit(1, { n: 'Signup' });
      await until('the first completion', async () => ((await eventsOf(trigger)).length === 1 ? true : undefined));
      await workspace.app.stop();
      await visit(2, { n: 'Signup' }, second);
      await until('the second completion', async () => {
        const { items } = await workspace.pb.collection('events').getList(1, 10, { filter: `trigger = "${trigger}"` });
        return items.length === 2 ? true : undefined;
      });
    } finally {
      await second.stop();
    }
  });
});
