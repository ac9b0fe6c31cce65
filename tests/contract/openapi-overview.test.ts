import { describeWithServices } from '../support/pocketbase.ts';
import { startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('overview', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const overview = async (token: string, query: Record<string, string> = {}) =>
    (await services.call('GET', '/api/v1/overview', { token, query })).body;

  it('shows nothing where nothing happened', async () => {
    const { token } = await services.user('viewer');
    const shown = await overview(token);
    expect(shown).toMatchObject({ range: 'hour', bucket_s: 60, failing_destinations: [], silent_sites: [] });
    expect(shown.totals).toMatchObject({ events: 0, delivered: 0, p95_ms: null });
    expect(shown.series).toHaveLength(60);
    expect((await overview(token, { range: 'day' })).series).toHaveLength(96);
  });

  it('shows what came, what went and what is wrong, to those whose it is', async () => {
    const { token, account } = await services.user('admin');
    const other = await services.user('viewer');
    const sink = await startSink({ respond: (_, response) => response.writeHead(500).end() });
    const make = async (kind: string, body: object) =>
      (await services.call('POST', `/api/v1/${kind}` as '/api/v1/sources', { token, body })).body;
    const source = await make('sources', { name: 'overview', verification: 'none' });
    const well = await make('destinations', { name: 'inbox', type: 'inbox' });
    const ill = await make('destinations', { name: 'ill', type: 'http', url: sink.url });
    await make('mappings', { name: 'a', source: source.id, destination: well.id });
    await make('mappings', { name: 'b', source: source.id, destination: ill.id });
    await make('sites', { name: 'quiet', domain: 'quiet.example.com' });
    await services.call('POST', '/ingest/{source}', { params: { source: 'overview' }, body: { n: 1 } });
    const shown = await until('both attempts', async () => {
      const now = await overview(token);
      return now.totals.attempts === 2 ? now : undefined;
    });
    await sink.close();
    expect(shown.totals).toMatchObject({ events: 1, attempts: 2, failed_attempts: 1, delivered: 1, dead: 0 });
    expect(shown.series.at(-1).events + shown.series.at(-2).events).toBe(1);
    expect(shown.backlog).toMatchObject({ pending: 1, delivering: 0, held: 0, capped: false });
    expect(shown.failing_destinations).toMatchObject([
      { id: ill.id, name: 'ill', waiting: 1, health: { state: 'closed', failures: 1 } },
    ]);
    expect(shown.silent_sites).toMatchObject([{ domain: 'quiet.example.com', last_hit: null }]);
    expect((await overview(services.operator, { account })).totals).toEqual(shown.totals);
    expect((await overview(services.operator)).totals.events).toBeGreaterThanOrEqual(1);
    expect(await overview(other.token)).toMatchObject({
      totals: { events: 0 },
      failing_destinations: [],
      silent_sites: [],
    });
  });

  it('refuses other ranges', async () => {
    const answer = await services.call('GET', '/api/v1/overview', {
      token: services.operator,
      query: { range: 'year' },
    });
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'query/range' }] });
  });
});
