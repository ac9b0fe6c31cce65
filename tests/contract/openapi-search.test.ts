import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('search', () => {
  let token: string;
  let stranger: string;
  const ids: string[] = [];

  const events = async (query: Record<string, string | number>, as = token) =>
    services.call('GET', '/api/v1/events', { token: as, query });
  const found = async (q: string, as = token) =>
    (await services.call('GET', '/api/v1/search', { token: as, query: { q } })).body.data;

  beforeAll(async () => {
    services = await startServices();
    ({ token } = await services.user('admin'));
    stranger = (await services.user('viewer')).token;
    const source = {
      name: 'searched',
      verification: 'none',
      event_type: 'body.type',
      extract: { customer: 'body.customer' },
    };
    await services.call('POST', '/api/v1/sources', { token, body: source });
    for (const [type, customer] of [
      ['order.paid', 'Zoë Müller'],
      ['order.paid', 'Zoë Braun'],
      ['order.placed', 'Zoë Weiß'],
    ]) {
      const body = { type, customer };
      ids.push((await services.call('POST', '/ingest/{source}', { params: { source: 'searched' }, body })).body.id);
    }
    await until('the index', async () => ((await events({ q: 'weiß' })).body.data[0] ? true : undefined));
  });
  afterAll(() => services?.stop());

  it('finds events by words, within the other filters, page by page', async () => {
    const [one, two, three] = ids;
    const idsOf = async (query: Record<string, string | number>) =>
      (await events(query)).body.data.map(({ id }: { id: string }) => id);
    expect(await idsOf({ q: 'zoe' })).toEqual([three, two, one]);
    expect(await idsOf({ q: 'zoe mül*' })).toEqual([one]);
    expect(await idsOf({ q: 'zoe', type: 'order.paid' })).toEqual([two, one]);
    expect(await idsOf({ q: 'zoe', to: '2026-01-01T00:00:00Z' })).toEqual([]);
    const first = (await events({ q: 'zoe', limit: 2 })).body;
    expect(first.data).toHaveLength(2);
    expect(await idsOf({ q: 'zoe', limit: 2, cursor: first.next_cursor })).toEqual([one]);
  });

  it('gives events as the list does', async () => {
    const [searched] = (await events({ q: 'müller' })).body.data;
    const listed = (await events({ limit: 3 })).body.data;
    expect(searched).toEqual(listed[2]);
  });

  it('finds nothing of another account', async () => {
    expect((await events({ q: 'zoe' }, stranger)).body.data).toEqual([]);
    expect(await found('searched', stranger)).toEqual([]);
    expect(await found(ids[0] as string, stranger)).toEqual([]);
  });

  it('finds records by name and events by id, correlation id and words', async () => {
    expect(await found('searc')).toMatchObject([{ kind: 'source', name: 'searched' }]);
    expect(await found((ids[0] as string).slice(0, 14))).toMatchObject([
      { kind: 'event', id: ids[0], name: 'order.paid' },
    ]);
    const { correlation_id } = (await events({ limit: 1 })).body.data[0];
    expect(await found(correlation_id.slice(0, 30))).toMatchObject([
      { kind: 'event', id: ids[2], detail: correlation_id },
    ]);
    expect(await found('weiß')).toMatchObject([{ kind: 'event', id: ids[2] }]);
  });

  it.each(['"', '*', '\\', '%', '_', "' OR 1=1 --", 'NEAR(', '\u{1F600}', '\ud800', 'x'.repeat(200)])(
    'takes %p as what was typed',
    async (q) => {
      expect(await found(q)).toEqual([]);
      expect((await events({ q })).body.data).toEqual([]);
    },
  );

  it('refuses what makes no sense', async () => {
    expect((await events({ q: 'zoe', after_seq: 1 })).body.errors).toMatchObject([{ field: 'query/after_seq' }]);
    expect((await events({ q: 'zoe', cursor: 'x' })).body.errors).toMatchObject([{ field: 'query/cursor' }]);
    expect((await events({ q: '' })).status).toBe(400);
    const none = await services.call('GET', '/api/v1/search', { token });
    expect(none.body.errors).toMatchObject([{ field: 'query/q' }]);
  });
});
