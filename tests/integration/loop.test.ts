import { describeWithServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

describeWithServices('a mapping that leads back', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  const ingestUrl = (source: string) => `${workspace.app.url}/ingest/${source}`;

  /** A source whose mapping leads to the ingest URL of `target`, itself unless named. */
  async function loop(target?: string): Promise<RoutedRecords> {
    const route = await workspace.route({ destination: { type: 'http', url: ingestUrl('x') } });
    const url = ingestUrl(target ?? route.source);
    const { status } = await workspace.api('PATCH', `/destinations/${route.destinationId}`, { url });
    expect(status).toBe(200);
    return route;
  }

  async function post(source: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await workspace.ingest(source, '{"n":1}', headers);
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  }

  const eventsOf = async (source: string) =>
    (await workspace.pb.collection('events').getFullList({ filter: `source = "${source}"`, sort: 'seq' })) as {
      id: string;
      hops: number;
      correlation_id: string;
    }[];

  /** The deliveries of all events of the sources, as soon as none will change any more. */
  const settled = (...sources: string[]) =>
    until('the loop to end', async () => {
      const events = (await Promise.all(sources.map(eventsOf))).flat();
      const deliveries = await Promise.all(events.map(({ id }) => workspace.deliveries(id, 'delivered', 'dead')));
      return deliveries.flat().some(({ state }) => state === 'dead')
        ? { events, deliveries: deliveries.flat() }
        : undefined;
    });

  test('to its own source makes six events, and the last delivery is dead with the reason', async () => {
    const { source, sourceId } = await loop();
    await post(source);
    const { events, deliveries } = await settled(sourceId);
    expect(events.map(({ hops }) => hops)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(events.map(({ correlation_id }) => correlation_id)).size).toBe(1);
    expect(deliveries.map(({ state }) => state)).toEqual([...Array(5).fill('delivered'), 'dead']);
    const last = deliveries.at(-1);
    const { body } = await workspace.api('GET', `/deliveries/${last?.id}`);
    expect(body).toMatchObject({
      last_error: expect.stringContaining('loop'),
      attempts: [{ outcome: 'loop', status: 0, error: expect.stringContaining('loop') }],
    });
    expect((await workspace.api('GET', `/events/${events.at(-1)?.id}`)).body.hops).toBe(5);

    // By hand, by replay, and after a restart it stays dead: the event knows its hops.
    expect((await workspace.api('POST', `/deliveries/${last?.id}/retry`)).status).toBe(202);
    await until('the retry', async () => {
      const { body } = await workspace.api('GET', `/deliveries/${last?.id}`);
      return body.attempts.length === 2 && body.state === 'dead' ? true : undefined;
    });
    for (const mode of ['original', 'current']) {
      const { status } = await workspace.api('POST', `/events/${events.at(-1)?.id}/replay`, { mode });
      expect(status).toBe(202);
    }
    const all = await workspace.deliveries(String(events.at(-1)?.id), 'dead');
    expect(all).toHaveLength(3);
    expect(await eventsOf(sourceId)).toHaveLength(6);
  });

  test('over two sources ends as well', async () => {
    const first = await loop();
    const second = await loop(first.source);
    await workspace.api('PATCH', `/destinations/${first.destinationId}`, { url: ingestUrl(second.source) });
    await post(first.source);
    const { events } = await settled(first.sourceId, second.sourceId);
    expect(events.map(({ hops }) => hops).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('counts what other installations have counted, and garbage as nothing', async () => {
    const { source, sourceId } = await loop();
    await post(source, { 'pockethook-hops': '4' });
    expect((await settled(sourceId)).events.map(({ hops }) => hops)).toEqual([4, 5]);

    const garbled = await loop();
    await post(garbled.source, { 'pockethook-hops': 'none, -7' });
    expect((await settled(garbled.sourceId)).events).toHaveLength(6);
  });

  test('a producer that claims many hops only harms its own event, and the destination stays well', async () => {
    const { source, destinationId } = await workspace.route({
      destination: { type: 'http', url: ingestUrl('nobody') },
    });
    await workspace.deliveries(await post(source, { 'pockethook-hops': '99' }), 'dead');
    expect((await workspace.api('GET', `/destinations/${destinationId}`)).body.health).toMatchObject({
      state: 'closed',
      failures: 0,
      failing_since: null,
    });
  });

  test("the destination's own headers can't set the count", async () => {
    const { status, body } = await workspace.api('POST', '/destinations', {
      name: 'x',
      type: 'http',
      url: ingestUrl('x'),
      headers: { 'Pockethook-Hops': '0' },
    });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: '/headers', message: expect.stringContaining('pockethook-hops') }],
    ]);
  });
});
