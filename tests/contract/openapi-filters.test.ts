import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

type Query = Record<string, string | number>;

describeWithServices('filters of lists', () => {
  let token: string;
  let source: { id: string };
  let well: { id: string };
  let paused: { id: string };
  /** Ids of the events: one of type `order` with two deliveries, one of type `ping` with one. */
  let order: { id: string; correlation_id: string };
  let ping: { id: string };

  const list = async (topic: 'events' | 'deliveries', query: Query) =>
    (await services.call('GET', `/api/v1/${topic}`, { token, query })).body;
  const events = async (query: Query) => (await list('events', query)).data.map(({ id }: { id: string }) => id);
  const deliveries = async (query: Query) =>
    (await list('deliveries', query)).data.map((one: { event: string; destination: string }) => [
      one.event,
      one.destination,
    ]);

  beforeAll(async () => {
    services = await startServices();
    ({ token } = await services.user('admin'));
    const make = async (kind: string, body: object) =>
      (await services.call('POST', `/api/v1/${kind}`, { token, body })).body;
    source = await make('sources', { name: 'filtered', event_type: 'body.type', extract: { word: 'body.word' } });
    well = await make('destinations', { name: 'well', type: 'inbox' });
    paused = await make('destinations', { name: 'paused', type: 'inbox' });
    await services.call('POST', '/api/v1/destinations/{id}/pause', { token, params: { id: paused.id } });
    await make('mappings', { name: 'a', source: source.id, destination: well.id });
    await make('mappings', { name: 'b', source: source.id, destination: paused.id, filter: 'body.type == "order"' });
    const post = async (body: object) =>
      (await services.call('POST', '/ingest/{source}', { params: { source: 'filtered' }, body })).body;
    order = await post({ type: 'order', word: 'lamp' });
    ping = await post({ type: 'ping', word: 'bell' });
    await until('both are delivered and found', async () => {
      const [done, found] = [await deliveries({ state: 'delivered' }), await events({ q: 'bell' })];
      return done.length === 2 && found.length === 1 ? true : undefined;
    });
  });
  afterAll(() => services?.stop());

  it('events by their deliveries', async () => {
    expect(await events({ destination: well.id })).toEqual([ping.id, order.id]);
    expect(await events({ destination: paused.id })).toEqual([order.id]);
    expect(await events({ state: 'held' })).toEqual([order.id]);
    expect(await events({ state: 'held', destination: well.id })).toEqual([]);
    expect(await events({ state: 'delivered', destination: well.id, type: 'ping' })).toEqual([ping.id]);
    expect(await events({ q: 'lamp', state: 'held' })).toEqual([order.id]);
    expect(await events({ q: 'bell', state: 'held' })).toEqual([]);
  });

  it('deliveries by their events', async () => {
    expect(await deliveries({ source: source.id, limit: 200 })).toHaveLength(3);
    expect(await deliveries({ type: 'ping' })).toEqual([[ping.id, well.id]]);
    expect(await deliveries({ correlation_id: order.correlation_id, state: 'held' })).toEqual([[order.id, paused.id]]);
    expect(await deliveries({ q: 'lamp', destination: well.id })).toEqual([[order.id, well.id]]);
    expect(await deliveries({ type: 'none' })).toEqual([]);
    expect(await deliveries({ q: 'lamp', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).toEqual([]);
  });

  it('page by page', async () => {
    const first = await list('deliveries', { source: source.id, limit: 2 });
    const rest = await list('deliveries', { source: source.id, limit: 2, cursor: first.next_cursor });
    expect([first.data.length, rest.data.length, rest.next_cursor]).toEqual([2, 1, null]);
  });

  it('refuses those that go not together', async () => {
    const refused = async (path: string, query: Query) =>
      (await services.call('GET', path, { token, query })).body.errors?.[0].field;
    expect(await refused('/api/v1/events', { after_seq: 0, state: 'dead' })).toBe('query/after_seq');
    expect(await refused('/api/v1/deliveries', { event: order.id, q: 'lamp' })).toBe('query/q');
  });
});
