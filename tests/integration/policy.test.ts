import { describeWithServices } from '../support/pocketbase.ts';
import { startApp, type TestApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let second: TestApp;
let sink: Sink;
let status = 204;
let arrivals: { at: number; body: string }[] = [];

describeWithServices('the policy of a destination, with two API processes', () => {
  beforeAll(async () => {
    workspace = await openWorkspace();
    second = await startApp(workspace.pocketbase);
    sink = await startSink({
      respond: ({ body }, response) => {
        arrivals.push({ at: performance.now(), body: body.toString() });
        response.writeHead(status).end();
      },
    });
  });
  beforeEach(() => {
    status = 204;
    arrivals = [];
  });
  afterAll(async () => {
    await second?.stop();
    await workspace?.stop();
    await sink?.close();
  });

  const route = (fields: object) =>
    workspace.route({ destination: { type: 'http', url: sink.url, ...fields }, mapping: { template: '{{ body.n }}' } });
  const post = async (source: string, n: number) => {
    const answer = await workspace.ingest(source, JSON.stringify({ n }));
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { id: string }).id;
  };
  const health = async (id: string) => (await workspace.api('GET', `/destinations/${id}`)).body.health;
  const metric = async (name: string) => {
    const text = await (await fetch(`${workspace.app.url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };
  const arrived = (count: number) =>
    until(`${count} arrivals`, () => (arrivals.length >= count ? arrivals : undefined));

  it('a destination that fails is left alone; one probe finds that it is well, and everything goes out', async () => {
    status = 500;
    const retry_schedule = ['0s', ...Array(20).fill('20ms')];
    const { source, destinationId } = await route({ retry_schedule, max_concurrency: 2 });
    const events = [];
    for (let n = 0; n < 5; n++) events.push(await post(source, n));
    await until('an open breaker', async () => ((await health(destinationId)).state === 'open' ? true : undefined));
    // What was under way when it opened has ended.
    await until('nothing under way', async () =>
      (await workspace.pb.collection('deliveries').getList(1, 1, { filter: 'state = "delivering"' })).totalItems === 0
        ? true
        : undefined,
    );
    const before = arrivals.length;
    expect(before).toBeGreaterThanOrEqual(10);
    expect(before).toBeLessThanOrEqual(12);
    events.push(await post(source, 5));
    expect(await metric('pockethook_destinations{state="open"}')).toBe(1);

    // The probe fails, alone, and the breaker is open again.
    await workspace.api('PATCH', `/destinations/${destinationId}`, { name: 'corrected' });
    await until('the breaker open again', async () =>
      (await health(destinationId)).failures > before ? true : undefined,
    );
    expect(arrivals.length).toBe(before + 1);
    expect((await health(destinationId)).state).toBe('open');

    status = 204;
    const [waiting] = await workspace.deliveries(events[5] as string, 'pending');
    const retried = await workspace.api('POST', `/deliveries/${waiting?.id}/retry`);
    expect(retried.body.state).toBe('pending');
    for (const event of events) await workspace.deliveries(event, 'delivered');
    expect(arrivals[before + 1]?.body).toBe('5');
    expect(await health(destinationId)).toMatchObject({ state: 'closed', failures: 0 });
    // Either process may have told of either, so there is no order between the two lists.
    const told = [...workspace.app.lines, ...second.lines].filter(({ destination }) => destination === destinationId);
    const changes = told.flatMap(({ change }) => (change ? [change] : []));
    expect(changes.sort()).toEqual(['closed', 'opened']);
  });

  it('a rate limit holds over both', async () => {
    const { source } = await route({ rate_limit: 5 });
    for (let n = 0; n < 13; n++) await post(source, n);
    const all = await arrived(13);
    const first = all[0]?.at ?? 0;
    // Five at once, then five a second: the twelfth may come after 1.4 s at the earliest.
    expect((all[12]?.at ?? 0) - first).toBeGreaterThanOrEqual(1_400);
    expect(all.filter(({ at }) => at - first < 400).length).toBeLessThanOrEqual(7);
  });

  it('what a paused destination holds goes out in order, at the rate of the resume', async () => {
    const { source, destinationId } = await route({});
    await workspace.api('POST', `/destinations/${destinationId}/pause`);
    const events = [];
    for (let n = 0; n < 4; n++) events.push(await post(source, n));
    for (const event of events) await workspace.deliveries(event, 'held');
    const { body } = await workspace.api('GET', `/events/${events[0]}`);
    expect(body.decisions[0]).toMatchObject({ outcome: 'held', reason: 'The destination is paused.' });
    expect(arrivals).toEqual([]);
    const { body: resumed } = await workspace.api('POST', `/destinations/${destinationId}/resume`, { rate: 4 });
    expect(resumed).toEqual({ id: destinationId, paused: false, deliveries: 4 });
    const all = await arrived(4);
    expect(all.map(({ body: sent }) => sent)).toEqual(['0', '1', '2', '3']);
    expect((all[3]?.at ?? 0) - (all[0]?.at ?? 0)).toBeGreaterThanOrEqual(500);
  });
});
