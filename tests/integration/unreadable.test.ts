import { describeWithServices, executeSql, rewriteRow, startApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { runCli } from '../unit/cli/support.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

const SECRET = `whsec_${Buffer.from('a signing secret of enough bytes').toString('base64')}`;
const OUT_OF_SERVICE = { status: 503, code: 'source_unreadable', retry: '60' };

/** Each test damages what is stored, behind every check, as a restored backup or another version may have left it. */
describeWithServices('a record that can not be read', () => {
  let workspace: Workspace;
  let sink: Sink;
  let well: RoutedRecords;
  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace();
    well = await workspace.route({ destination: { type: 'http', url: `${sink.url}/well` } });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  /** Damages a field of a row; what is in force follows with the next edit of anything. */
  const damage = async (collection: string, id: string, fields: Record<string, unknown>) => {
    await rewriteRow(workspace.pb, collection, id, fields);
    // Nobody notes which record a row belongs to that is damaged by hand: a version is missing, and everything is read.
    await executeSql(workspace.pb, "UPDATE meta SET value = value + 1 WHERE key = 'config_version'");
    await workspace.api('PATCH', `/mappings/${well.mappingId}`, { name: `edited ${Math.random()}` });
  };
  const ciphertextOf = async (id: string) =>
    (
      await workspace.pb.send<{ records: { sources: { id: string; secrets: string[] }[] } }>(
        '/api/pockethook/config',
        {},
      )
    ).records.sources.find((source) => source.id === id)?.secrets as string[];
  const readiness = async (url = workspace.app.url) => {
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(200);
    return (await response.json()) as { status: string; checks: Record<string, string> };
  };
  const send = async (source: string) => {
    const response = await workspace.ingest(source, '{}');
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  };
  const refusal = async (source: string) => {
    const response = await workspace.ingest(source, '{}');
    const { code } = (await response.json()) as { code: string };
    return { status: response.status, code, retry: response.headers.get('retry-after') };
  };
  const othersGoOn = async () => {
    await workspace.deliveries(await send(well.source), 'delivered');
  };

  test('a source: its producers are told to come back, and it is named wherever operators look', async () => {
    const bearer = { verification: 'bearer', secrets: ['the-secret-of-one'] };
    const one = await workspace.route({ source: bearer, destination: { type: 'inbox' } });
    const other = await workspace.route({ source: bearer, destination: { type: 'inbox' } });
    await damage('sources', one.sourceId, { secrets: JSON.stringify(await ciphertextOf(other.sourceId)) });

    expect(await refusal(one.source)).toEqual(OUT_OF_SERVICE);
    await othersGoOn();
    const problem = 'secrets was encrypted for another record, or altered since: write the secret anew.';
    const configuration = `out of service: source ${one.sourceId}: ${problem}`;
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { schema: 'ok', configuration } });
    expect((await workspace.api('GET', `/sources/${one.sourceId}`)).body.unreadable).toBe(problem);
    const { data } = (await workspace.api('GET', '/sources?limit=200')).body;
    const named = data.filter((source: { unreadable?: string }) => source.unreadable);
    expect(named.map(({ id }: { id: string }) => id)).toEqual([one.sourceId]);
    expect((await workspace.pb.collection('sources').getOne(one.sourceId)).secrets[0]).toMatch(/can't be opened/);
    const doctor = await runCli(['doctor', '--url', workspace.app.url]);
    expect(doctor.out).toContain(`✗ configuration: ${configuration}\n  Write the secrets`);

    // Another process starts with it, as after a restart.
    const restarted = await startApp(workspace.pocketbase);
    expect(await readiness(restarted.url)).toMatchObject({
      status: 'degraded',
      checks: { schema: 'ok', configuration },
    });
    await restarted.stop();

    await workspace.api('PATCH', `/sources/${one.sourceId}`, { secrets: ['the-secret-of-one'] });
    const authorized = await workspace.ingest(one.source, '{}', { authorization: 'Bearer the-secret-of-one' });
    expect(authorized.status).toBe(202);
    expect(await readiness()).toMatchObject({ status: 'ready', checks: { configuration: 'ok' } });
    const said = workspace.app.lines.filter(({ source, message }) => source === one.sourceId && message !== 'ingest');
    expect(said.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'a source can not be read and is out of service'],
      ['info', 'a source is in service again'],
    ]);
  });

  test('a destination without its secret: what is for it waits, and goes out once that is written anew', async () => {
    const destination = { type: 'http', url: `${sink.url}/sealed`, secrets: [SECRET] };
    const route = await workspace.route({ destination });
    const path = `/destinations/${route.destinationId}`;
    await damage('destinations', route.destinationId, { secrets: '["enc:v1:deadbeef:AAAA"]' });
    const received = sink.requests.length;
    const id = await send(route.source);
    const [delivery] = await workspace.deliveries(id, 'pending');
    expect((await workspace.api('GET', `/events/${id}`)).body.decisions).toMatchObject([
      { outcome: 'held', reason: expect.stringContaining('secrets is encrypted with the key deadbeef') },
    ]);
    expect((await workspace.api('POST', `${path}/test`)).body).toMatchObject({ code: 'conflict' });
    // By claims of before, what is for others goes past it; it is neither tried nor given back meanwhile.
    await othersGoOn();
    const [waiting] = await workspace.deliveries(id, 'pending');
    expect(waiting).toMatchObject({ lease_token: 0, attempts_made: 0, claims: 0 });
    expect(sink.requests.slice(received).map(({ url }) => url)).toEqual(['/well']);
    expect((await readiness()).checks.configuration).toContain(`destination ${route.destinationId}`);

    expect((await workspace.api('PATCH', path, { secrets: [SECRET] })).status).toBe(200);
    const [delivered] = await workspace.deliveries(id, 'delivered');
    expect(delivered?.id).toBe(delivery?.id);
    expect((await workspace.api('GET', path)).body.unreadable).toBeUndefined();
  });

  test.each<[collection: 'destinations' | 'mappings', fields: Record<string, unknown>, where: string]>([
    ['destinations', { type: 'carrier-pigeon' }, 'destination'],
    ['destinations', { retry_schedule: '{garbage' }, 'destination'],
    ['destinations', { timeout_ms: 'soon', rate_limit: 'fast' }, 'destination'],
    ['mappings', { template: '{garbage' }, 'mapping'],
  ])('%s with %j: its events are kept, and the decision says why', async (collection, fields, where) => {
    const route = await workspace.route({ destination: { type: 'inbox' } });
    const id = collection === 'destinations' ? route.destinationId : route.mappingId;
    const before = await workspace.pb.collection(collection).getOne(id);
    await damage(collection, id, fields);
    const event = await send(route.source);
    const decision = { mapping: route.mappingId, destination: route.destinationId, outcome: 'error', where };
    expect((await workspace.api('GET', `/events/${event}`)).body.decisions).toMatchObject([decision]);
    const explained = (await workspace.api('GET', `/events/${event}/explain`)).body.mappings;
    expect(explained).toMatchObject([{ at_accept: { outcome: 'error', where }, now: { outcome: 'error', where } }]);
    await othersGoOn();
    expect((await readiness()).status).toBe('degraded');

    const well = Object.fromEntries(Object.keys(fields).map((field) => [field, before[field]]));
    expect((await workspace.api('PATCH', `/${collection}/${id}`, well)).status).toBe(200);
    expect((await readiness()).status).toBe('ready');
    const replayed = await workspace.api('POST', `/events/${event}/replay`, { mode: 'current' });
    expect(replayed.status).toBe(202);
    await until('the replayed delivery', async () => (await workspace.deliveries(event, 'delivered'))[0]);
  });

  test('a source of another version keeps its events; replaying them says why it can not', async () => {
    const route = await workspace.route({ destination: { type: 'inbox' } });
    const id = await send(route.source);
    await damage('sources', route.sourceId, { verification: 'future' });
    expect(await refusal(route.source)).toEqual(OUT_OF_SERVICE);
    const replayed = await workspace.api('POST', `/events/${id}/replay`, { mode: 'current' });
    expect(replayed.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('out of service') });
    await damage('sources', route.sourceId, { verification: 'none' });
    await send(route.source);
  });

  test('a trigger is named as well, and what the answers of the queue say is read while realtime says nothing', async () => {
    const { body: site } = await workspace.api('POST', '/sites', { domain: 'unreadable.example' });
    const fields = { name: 'Spike', site: site.id, type: 'visitor_spike', threshold: 5 };
    const { body: trigger } = await workspace.api('POST', '/triggers', fields);
    await rewriteRow(workspace.pb, 'triggers', trigger.id, { type: 'unheard of' });
    // Behind realtime's back: only a commit of the queue tells of the version.
    await executeSql(workspace.pb, "UPDATE meta SET value = value + 1 WHERE key = 'notifications_version'");
    await send(well.source);
    const checks = await until('the trigger to be named', async () => {
      const { checks } = await readiness();
      return checks.configuration?.includes(trigger.id) ? checks : undefined;
    });
    expect(checks.configuration).toContain(`trigger ${trigger.id}: `);
    expect(checks.configuration).not.toContain('unheard of');
    await workspace.api('DELETE', `/sites/${site.id}`);
  });
});
