import { randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

const REPLAYS = '/api/v1/replays';
const REPLAY = '/api/v1/replays/{id}';
const HOUR_MS = 60 * 60_000;

let services: Services;
let sink: Sink;
/** Status that the sink answers. */
let answerWith = 204;

/** The time in which everything here happens. */
const times = () => ({
  from: new Date(Date.now() - HOUR_MS).toISOString(),
  to: new Date(Date.now() + HOUR_MS).toISOString(),
});

describeWithServices('replays of many events', () => {
  beforeAll(async () => {
    sink = await startSink({ respond: (_request, response) => response.writeHead(answerWith).end() });
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });
  beforeEach(() => {
    answerWith = 204;
    sink.requests.splice(0);
  });

  async function create(kind: string, body: object): Promise<Record<string, string>> {
    const answer = await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  /** A source that leads to as many destinations, none of which is tried twice. */
  async function path({ account, destinations = 1 }: { account?: string; destinations?: number } = {}) {
    const owner = account === undefined ? {} : { account };
    const source = await create('sources', { ...owner, name: `s-${randomUUID()}` });
    const ids: string[] = [];
    const mappings: string[] = [];
    for (let n = 0; n < destinations; n++) {
      const fields = {
        ...owner,
        name: `d-${randomUUID()}`,
        type: 'http',
        url: `${sink.url}/d${n}`,
        retry_schedule: ['0s'],
      };
      const { id } = await create('destinations', fields);
      const mapping = { ...owner, name: `m-${randomUUID()}`, source: source.id, destination: id };
      mappings.push((await create('mappings', mapping)).id as string);
      ids.push(id as string);
    }
    return { name: source.name as string, source: source.id as string, destinations: ids, mappings };
  }

  /** Events of the source, all of whose deliveries have come to their end. */
  async function ingested(source: string, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const answer = await services.call('POST', '/ingest/{source}', { params: { source }, body: { n } });
      ids.push(answer.body.id);
    }
    for (const event of ids)
      await until('the deliveries to end', async () => !(await deliveriesOf(event)).some(isOpen) || undefined);
    return ids;
  }

  const isOpen = ({ state }: { state: string }) => ['pending', 'delivering', 'held'].includes(state);

  async function deliveriesOf(
    event: string,
  ): Promise<{ id: string; state: string; replay: string; replay_id: string; mapping: string }[]> {
    const query = { event };
    return (await services.call('GET', '/api/v1/deliveries', { token: services.operator, query })).body.data;
  }

  const ask = (body: object, token = services.operator) =>
    services.call('POST', REPLAYS, { token, body: { mode: 'original', ...times(), ...body } });
  const show = (id: string, token = services.operator) => services.call('GET', REPLAY, { token, params: { id } });
  const cancel = (id: string, token = services.operator) =>
    services.call('POST', `${REPLAY}/cancel`, { token, params: { id } });

  const ended = (id: string) =>
    until('the replay to end', async () => {
      const { body } = await show(id);
      return ['pending', 'running'].includes(body.state) ? undefined : body;
    });

  it('makes new deliveries of all events of a source, in their order, and says how it went', async () => {
    const { name, source } = await path();
    const { name: other } = await path();
    const events = await ingested(name, 5);
    await ingested(other, 1);
    sink.requests.splice(0);
    const { status, body } = await ask({ source });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      events_total: 5,
      events_seen: 0,
      rate: 50,
      source,
      actor: `operator:${services.pocketbase.email}`,
    });
    expect(await ended(body.id)).toMatchObject({
      state: 'completed',
      events_seen: 5,
      deliveries: 5,
      failed: 0,
      error: '',
    });
    await sink.waitFor(5);
    const ids: string[] = [];
    for (const event of events) {
      const [first, replayed, ...more] = await deliveriesOf(event);
      expect([first?.replay, replayed?.replay, more]).toEqual(['', 'original', []]);
      ids.push(replayed?.id as string);
    }
    expect(sink.requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual([...ids].sort());
    expect(ids.every((id) => /^[a-z0-9]{15}$/.test(id))).toBe(true);
    const { items } = await services.pb
      .collection('audit')
      .getList(1, 10, { filter: `subject = '${body.id}'`, sort: 'created' });
    expect(items.map(({ action, detail }) => [action, detail.deliveries ?? detail.events_total])).toEqual([
      ['replay.create', 5],
      ['replay.complete', 5],
    ]);
    const lines = services.lines.filter((line) => line.message === 'replay page' && line.replay === body.id);
    expect(lines).toHaveLength(1);
    const metrics = (await services.call('GET', '/metrics')).text;
    expect(metrics).toMatch(/pockethook_replay_deliveries_total\{mode="original"\} [1-9]/);
  });

  it('sends only what is missing, and only once', async () => {
    const { name, source, destinations } = await path({ destinations: 2 });
    const arrived = await ingested(name, 2);
    answerWith = 500;
    const lost = await ingested(name, 3);
    answerWith = 204;
    sink.requests.splice(0);
    const body = { source, only_missing: true, destination: destinations[0] };
    expect((await ask({ ...body, dry_run: true })).body).toMatchObject({ events: 5, deliveries: 3, exact: true });
    const first = await ended((await ask(body)).body.id);
    expect(first).toMatchObject({ state: 'completed', events_seen: 5, deliveries: 3 });
    await sink.waitFor(3);
    expect(sink.requests.map(({ url }) => url)).toEqual(['/d0', '/d0', '/d0']);
    for (const event of arrived) expect(await deliveriesOf(event)).toHaveLength(2);
    for (const event of lost) expect(await deliveriesOf(event)).toHaveLength(3);
    const again = await ended((await ask(body)).body.id);
    expect(again).toMatchObject({ state: 'completed', deliveries: 0 });
  });

  it('takes what is in one state', async () => {
    const { name, source, destinations } = await path();
    await ingested(name, 2);
    answerWith = 500;
    const dead = await ingested(name, 1);
    answerWith = 204;
    const destination = destinations[0];
    expect((await ask({ source, destination, status: 'expired', dry_run: true })).body.deliveries).toBe(0);
    const { body } = await ask({ source, destination, status: 'dead', dry_run: true });
    expect(body).toMatchObject({ events: 3, deliveries: 1, sample: [{ event: dead[0], destination }] });
    expect(await ended((await ask({ source, status: 'dead' })).body.id)).toMatchObject({ deliveries: 1 });
    const states = (await deliveriesOf(dead[0] as string)).map(({ replay }) => replay);
    expect(states).toEqual(['', 'original']);
  });

  it('applies the rules of now: a corrected mapping gets what it had filtered out', async () => {
    const { name, source, mappings, destinations } = await path();
    const mapping = { token: services.operator, params: { id: mappings[0] as string } };
    await services.call('PATCH', '/api/v1/mappings/{id}', { ...mapping, body: { filter: 'body.n > 100' } });
    const events = await ingested(name, 3);
    const corrected = { filter: 'body.n > 0', template: { text: 'n is {{ body.n }}' } };
    await services.call('PATCH', '/api/v1/mappings/{id}', { ...mapping, body: corrected });
    expect((await ask({ source, dry_run: true })).body.deliveries).toBe(0);
    const { body } = await ask({ source, mode: 'current', dry_run: true });
    expect(body).toEqual({
      events: 3,
      deliveries: 2,
      failed: 0,
      exact: true,
      sample: events.slice(1).map((event) => expect.objectContaining({ event, mapping: mappings[0] })),
      skipped: [
        { reason: 'filtered', mapping: mappings[0], destination: destinations[0], detail: 'body.n > 0', count: 1 },
      ],
    });
    expect(sink.requests).toEqual([]);
    expect(await ended((await ask({ source, mode: 'current' })).body.id)).toMatchObject({ deliveries: 2, failed: 0 });
    await sink.waitFor(2);
    expect(sink.requests.map(({ body }) => String(body)).sort()).toEqual(['{"text":"n is 1"}', '{"text":"n is 2"}']);
  });

  it('counts what the rules fail on', async () => {
    const { name, source, mappings } = await path();
    await ingested(name, 2);
    const mapping = { token: services.operator, params: { id: mappings[0] as string } };
    await services.call('PATCH', '/api/v1/mappings/{id}', { ...mapping, body: { template: '{{ body.missing }}' } });
    expect(await ended((await ask({ source, mode: 'current' })).body.id)).toMatchObject({
      state: 'completed',
      deliveries: 0,
      failed: 2,
    });
  });

  it('keeps to its rate, and is cancelled on the way', async () => {
    const { name, source } = await path();
    const events = await ingested(name, 12);
    sink.requests.splice(0);
    const { id } = (await ask({ source, rate: 2 })).body;
    const startedAt = performance.now();
    await sink.waitFor(3);
    // The first goes at once, the others half a second apart.
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    const answer = await cancel(id);
    expect([answer.status, answer.body.state]).toEqual([202, 'cancelled']);
    expect(answer.body.finished_at).not.toBeNull();
    expect((await cancel(id)).body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('cancelled') });
    // A process works on one replay at a time: having ended another, it is done with this one.
    const other = await path();
    await ingested(other.name, 1);
    await ended((await ask({ source: other.source })).body.id);
    const made = (await Promise.all(events.map(deliveriesOf))).flat().filter(({ replay }) => replay !== '').length;
    expect(made).toBeGreaterThanOrEqual(3);
    expect(made).toBeLessThanOrEqual(6);
    const { items } = await services.pb
      .collection('audit')
      .getList(1, 1, { filter: `subject = '${id}' && action = 'replay.cancel'` });
    expect(items).toHaveLength(1);
  });

  it('is paused, goes on where it was when it is resumed, and makes nothing twice', async () => {
    const { name, source } = await path();
    const events = await ingested(name, 6);
    const command = (verb: 'pause' | 'resume', id: string) =>
      services.call('POST', `/api/v1/replays/{id}/${verb}`, { token: services.operator, params: { id } });
    const { id } = (await ask({ source, rate: 2 })).body;
    expect((await command('resume', id)).body).toMatchObject({ code: 'conflict' });
    const paused = await command('pause', id);
    expect([paused.status, paused.body.state, paused.body.finished_at]).toEqual([202, 'paused', null]);
    expect((await command('pause', id)).body).toMatchObject({
      ...{ code: 'conflict', detail: 'The replay is paused; to pause it, it must be pending or running.' },
    });
    const resumed = await command('resume', id);
    expect([resumed.status, resumed.body.state]).toEqual([202, expect.stringMatching(/pending|running/)]);
    expect(await ended(id)).toMatchObject({ state: 'completed', events_seen: 6, deliveries: 6 });
    const made = (await Promise.all(events.map(deliveriesOf))).flat().filter(({ replay }) => replay !== '');
    expect(made.map(({ replay_id }) => replay_id)).toEqual(Array(6).fill(id));
  });

  it.each<[string, object, string]>([
    ['no time', { from: undefined }, '/from'],
    ['no end', { to: undefined }, '/to'],
    ['an end before the start', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
    ['a leap second', { from: '2016-12-31T23:59:60Z', to: '2017-01-01T01:00:00Z' }, '/from'],
    ['more than a month', { from: '2026-01-01T00:00:00Z', to: '2026-02-02T00:00:00Z' }, '/to'],
    ['a rate of 0', { rate: 0 }, '/rate'],
    ['a rate without bound', { rate: 1_001 }, '/rate'],
    ['an unknown mode', { mode: 'newest' }, '/mode'],
    ['an unknown state', { status: 'lost' }, '/status'],
    ['an unknown destination', { destination: 'aaaaaaaaaaaaaaa' }, '/destination'],
    ['an unknown field', { sources: [] }, '/sources'],
  ])('refuses %s', async (_what, body, field) => {
    const answer = await ask(body);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  });

  it('says when there is nothing, and makes no job of it', async () => {
    const { source } = await path();
    expect((await ask({ source })).body).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('No event'),
    });
    expect((await ask({ source, dry_run: true })).body).toEqual({
      events: 0,
      deliveries: 0,
      failed: 0,
      exact: true,
      sample: [],
      skipped: [],
    });
  });

  it('keeps accounts apart, and viewers from it', async () => {
    const admin = await services.user('admin');
    const viewer = await services.user('viewer', admin.account);
    const stranger = await services.user('admin');
    const theirs = await path({ account: admin.account });
    const [event] = await ingested(theirs.name, 1);
    const everybodys = (await ask({})).body.id;
    await ended(everybodys);

    expect((await ask({ source: theirs.source }, viewer.token)).status).toBe(403);
    expect((await ask({ source: theirs.source }, stranger.token)).body.code).toBe('conflict');
    expect((await ask({ destination: theirs.destinations[0] }, stranger.token)).body.code).toBe('validation_failed');
    expect((await ask({ dry_run: true }, stranger.token)).body.events).toBe(0);

    const before = (await deliveriesOf(event as string)).length;
    const { body } = await ask({}, admin.token);
    expect(body).toMatchObject({ account: admin.account, events_total: 1, actor: `user:${admin.email}` });
    expect(await ended(body.id)).toMatchObject({ deliveries: 1 });
    expect(await deliveriesOf(event as string)).toHaveLength(before + 1);
    expect((await show(body.id, viewer.token)).status).toBe(200);
    expect((await cancel(body.id, viewer.token)).status).toBe(403);
    for (const [id, token] of [
      [body.id, stranger.token],
      [everybodys, admin.token],
    ]) {
      expect((await show(id, token)).status).toBe(404);
      expect((await cancel(id, token)).status).toBe(404);
    }
    const listed = async (token: string) =>
      (await services.call('GET', REPLAYS, { token })).body.data.map(({ id }: { id: string }) => id);
    expect(await listed(admin.token)).toEqual([body.id]);
    expect(await listed(stranger.token)).toEqual([]);
    expect((await listed(services.operator)).slice(0, 2)).toEqual([body.id, everybodys]);
  });

  it('lists those that were asked for in a time', async () => {
    const list = async (query: Record<string, string>) =>
      (await services.call('GET', REPLAYS, { token: services.operator, query })).body.data;
    const [newest] = await list({});
    expect((await list({ from: newest.created }))[0].id).toBe(newest.id);
    expect((await list({ to: newest.created })).map(({ id }: { id: string }) => id)).not.toContain(newest.id);
    expect(await list({ to: '2026-01-01T00:00:00Z' })).toEqual([]);
  });

  it('lists in pages, newest first', async () => {
    const query = (cursor?: string) => ({ limit: 2, ...(cursor && { cursor }) });
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await services.call('GET', REPLAYS, { token: services.operator, query: query(cursor) });
      ids.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ?? undefined;
    } while (cursor);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe((await services.pb.collection('replays').getList(1, 1)).totalItems);
  });
});
