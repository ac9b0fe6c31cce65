import { createHash } from 'node:crypto';
import { startWatch } from '../support/own-time.ts';
import { end, type Product, startProduct } from '../support/product.ts';
import { describeWithServices, rewriteRow, startApp, type TestApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { runCli } from '../unit/cli/support.ts';
import { type Json, openWorkspace, type Workspace } from './workspace.ts';

const HOUR_MS = 60 * 60_000;
const EVENTS = 40;

let workspace: Workspace;
let sink: Sink;
const others: (() => Promise<unknown>)[] = [];

describeWithServices('a replay of many events', () => {
  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace();
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });
  afterEach(async () => {
    for (const stop of others.splice(0)) await stop();
  });

  /** Events of a new source, all delivered. */
  async function delivered(count: number) {
    const destination = { type: 'http', url: `${sink.url}/hook` };
    const { source, sourceId } = await workspace.route({ destination });
    sink.requests.splice(0);
    const events: string[] = [];
    for (let n = 0; n < count; n++)
      events.push(((await (await workspace.ingest(source, `{"n":${n}}`)).json()) as Json).id);
    for (const event of events) await workspace.deliveries(event, 'delivered');
    sink.requests.splice(0);
    return { events, sourceId };
  }

  async function ask(source: string, more: object = {}): Promise<Json> {
    const from = new Date(Date.now() - HOUR_MS);
    const to = new Date(Date.now() + HOUR_MS);
    const request = { source, mode: 'original', from, to, ...more };
    const { status, body } = await workspace.api('POST', '/replays', request);
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body;
  }

  const show = async (id: string): Promise<Json> => (await workspace.api('GET', `/replays/${id}`)).body;
  const completed = (id: string) =>
    until(`the end of ${id}`, async () => {
      const job = await show(id);
      return job.state === 'completed' ? job : undefined;
    });

  /** All that replays made of the events, oldest first. */
  async function replayed(events: string[]): Promise<Json[]> {
    const all = await Promise.all(events.map((event) => workspace.deliveries(event, 'delivered')));
    return all.flat().filter(({ replay }) => replay !== '');
  }

  /** Another API process over the same store, as in production. */
  async function startProcess(): Promise<Product> {
    const { url, email, password, encryptionKeys } = workspace.pocketbase;
    const product = await startProduct({
      env: {
        POCKETBASE_URL: url,
        POCKETBASE_ADMIN_EMAIL: email,
        POCKETBASE_ADMIN_PASSWORD: password,
        ENCRYPTION_KEYS: encryptionKeys,
      },
    });
    others.push(() => end(product.process, 'SIGKILL'));
    return product;
  }

  it('is finished by another process when the one that works on it is killed, and sends nothing twice', async () => {
    const { events, sourceId } = await delivered(EVENTS);
    // Only the process that is to be killed is there to begin it.
    await workspace.app.stop();
    const victim = await startProcess();
    const { email, password } = workspace.pocketbase;
    const call = async (path: string, body: object, token = '') => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${victim.url}/api/v1${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await response.json()) as Json;
    };
    const { token } = await call('/session', { email, password });
    const from = new Date(Date.now() - HOUR_MS);
    const job = await call('/replays', { source: sourceId, mode: 'original', rate: 8, from, to: new Date() }, token);
    await sink.waitFor(12);
    await end(victim.process, 'SIGKILL');
    const stored = await workspace.pb.collection('replays').getOne(job.id);
    expect([stored.state, stored.events_seen < EVENTS]).toEqual(['running', true]);

    // It may have died between a delivery and the progress that tells of it.
    workspace.app = await startApp(workspace.pocketbase);
    const record = await until(
      'the end of the replay',
      async () => {
        const row = await workspace.pb.collection('replays').getOne(job.id);
        return row.state === 'completed' ? row : undefined;
      },
      40_000,
    );
    expect(record).toMatchObject({ events_seen: EVENTS, deliveries: EVENTS, failed: 0, lease_token: 2 });
    const made = await replayed(events);
    expect(made.map(({ event }) => event)).toEqual(events);
    expect(made.map(({ seq }) => seq)).toEqual(made.map(({ seq }) => seq).toSorted((a, b) => a - b));
    const sent = new Set(sink.requests.map(({ headers }) => headers['webhook-id']));
    expect([...sent].sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it('makes nothing twice when its pages are done again', async () => {
    const { events, sourceId } = await delivered(10);
    const { id } = await ask(sourceId, { rate: 1_000 });
    await completed(id);
    const made = await replayed(events);
    expect(made).toHaveLength(10);
    await sink.waitFor(10);
    // As if no progress had been saved before a crash, once from the start and once from the middle.
    for (const position of [0, (await workspace.pb.collection('events').getOne(events[5] as string)).seq]) {
      const lost = { state: 'running', position, events_seen: 0, deliveries: 0, finished_at: '', lease_until: '' };
      await rewriteRow(workspace.pb, 'replays', id, lost);
      const again = await completed(id);
      expect(again).toMatchObject({ deliveries: position === 0 ? 10 : 4, failed: 0 });
    }
    expect((await replayed(events)).map((delivery) => delivery.id)).toEqual(made.map((delivery) => delivery.id));
    expect(sink.requests).toHaveLength(10);
  });

  it('goes on in another process when its own is told to stop', async () => {
    const { events, sourceId } = await delivered(20);
    const { id } = await ask(sourceId, { rate: 10 });
    await sink.waitFor(5);
    const second: TestApp = await startApp(workspace.pocketbase);
    const stopWatch = startWatch();
    await workspace.app.stop();
    workspace.app = second;
    const job = await completed(id);
    // Given back, not waited for.
    expect(stopWatch()).toBeLessThan(14_000);
    expect(job).toMatchObject({ events_seen: 20, deliveries: 20 });
    expect(await replayed(events)).toHaveLength(20);
  });

  it('waits for the store to come back', async () => {
    const { events, sourceId } = await delivered(20);
    const { id } = await ask(sourceId, { rate: 10 });
    await sink.waitFor(5);
    process.kill(workspace.pocketbase.pid as number, 'SIGKILL');
    const record = await until(
      'the end of the replay',
      async () => {
        const row = await workspace.pb
          .collection('replays')
          .getOne(id)
          .catch(() => undefined);
        return row?.state === 'completed' ? row : undefined;
      },
      40_000,
    );
    expect(record.deliveries).toBe(20);
    expect(await replayed(events)).toHaveLength(20);
  });

  it('holds what goes to a disabled destination', async () => {
    const { events, sourceId } = await delivered(2);
    const [first] = await workspace.deliveries(events[0] as string, 'delivered');
    await workspace.api('PATCH', `/destinations/${first?.destination}`, { enabled: false });
    const { id } = await ask(sourceId);
    expect(await completed(id)).toMatchObject({ deliveries: 2 });
    const all = await workspace.deliveries(events[0] as string, 'delivered', 'held');
    expect(all.map(({ state }) => state)).toEqual(['delivered', 'held']);
  });

  it('is asked for and followed on the command line', async () => {
    const { events, sourceId } = await delivered(3);
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const cli = (...args: string[]) => runCli([...args, '--url', workspace.app.url], { env });
    const asked = ['replay', '--source', sourceId, '--from', '1h'];
    const dry = await cli(...asked, '--dry-run');
    expect([dry.exitCode, dry.out.split('\n')[0]]).toEqual([0, '3 events, 3 deliveries would be made.']);
    expect((await cli(...asked, '--only-missing', '--dry-run')).out).toContain('3 events, 0 deliveries');
    expect(await cli(...asked)).toMatchObject({ exitCode: 0, out: 'completed: 3 deliveries made\n' });
    expect(await replayed(events)).toHaveLength(3);
    const { id } = JSON.parse((await cli('replays', 'ls', '--limit', '1', '--json')).out).data[0];
    expect((await cli('replays', 'show', id)).out).toContain('3 of 3 events');
    const made = JSON.parse((await cli('deliveries', 'ls', '--replay', id, '--json')).out).data;
    expect(made).toHaveLength(3);
    expect(made).toEqual(made.map(() => expect.objectContaining({ replay: 'original', replay_id: id })));
    expect((await cli('deliveries', 'show', made[0].id)).out).toMatch(new RegExp(`Replay +with the .*, by ${id}`));
    const ofEvent = (await workspace.api('GET', `/deliveries?event=${made[0].event}&replay_id=${id}`)).body.data;
    expect(ofEvent.map((one: { id: string }) => one.id)).toEqual([made[0].id]);
    expect((await workspace.api('GET', `/deliveries?event=${made[0].event}`)).body.data[0]).toMatchObject({
      replay_id: '',
    });
    expect(await cli('replays', 'cancel', id)).toMatchObject({ exitCode: 1 });
  });

  it('says why it makes nothing', async () => {
    const { events, sourceId } = await delivered(2);
    const { body: source } = await workspace.api('GET', `/sources/${sourceId}`);
    const [first] = await workspace.deliveries(events[0] as string, 'delivered');
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const cli = (...args: string[]) => runCli([...args, '--url', workspace.app.url], { env });
    const many = ['replay', '--source', source.name, '--from', '1h'];
    const has = `  2 × destination ${source.name}: it has the event, or that is under way (--only-missing)\n`;

    const dry = await cli(...many, '--only-missing', '--dry-run');
    expect(dry.out).toBe(`2 events, 0 deliveries would be made.\nLeft out:\n${has}`);
    const job = await cli(...many, '--only-missing');
    expect(job).toMatchObject({ exitCode: 0, out: `completed: 0 deliveries made\nLeft out:\n${has}` });
    expect((await cli(...many, '--status', 'dead', '--dry-run')).out).toContain(
      `  2 × destination ${source.name}: no delivery in the state asked for (--status)\n`,
    );

    await workspace.api('PATCH', `/mappings/${first?.mapping}`, { filter: 'body.n > 7 && body.n < 9' });
    expect((await cli(...many, '--mode', 'current', '--dry-run')).out).toContain(
      `  2 × mapping ${source.name}: filtered out by body.n > 7\n`,
    );
    const one = await cli('replay', events[0] as string, '--mode', 'current');
    expect(one).toMatchObject({ exitCode: 1, out: '' });
    expect(one.err).toContain(
      `No mapping of source ${source.name} delivers the event now: mapping "${source.name}": filtered out by body.n > 7.`,
    );

    await workspace.api('PATCH', `/mappings/${first?.mapping}`, { filter: 'body.n > "x"' });
    expect((await cli(...many, '--mode', 'current', '--dry-run')).out).toContain(
      `  2 × mapping ${source.name}: error in filter: `,
    );
    await workspace.api('DELETE', `/destinations/${first?.destination}`);
    const original = await cli('replay', events[0] as string);
    expect(original.err).toContain('What the event was delivered to is deleted.');
    expect(original.err).toContain('ask with --mode current.');
    const current = await cli('replay', events[0] as string, '--mode', 'current');
    expect(current.err).toContain(`Source ${source.name} has no mapping. Make one, then replay again.`);
    expect((await cli(...many, '--dry-run')).out).toMatch(/ {2}2 × destination .*: it was deleted\n/);
    expect((await cli(...many, '--mode', 'current', '--dry-run')).out).toContain('  2 × its source has no mapping');
  });

  it('an id comes from replay, event and mapping alone', async () => {
    const { events, sourceId } = await delivered(1);
    const job = await ask(sourceId);
    await completed(job.id);
    const [delivery] = await replayed(events);
    const hash = createHash('sha256').update(`${job.id} ${events[0]} ${delivery.mapping}`).digest('hex').slice(0, 16);
    const digits = BigInt(`0x${hash}`).toString(36).padStart(11, '0').slice(-11);
    expect(delivery.id).toBe(job.id.slice(0, 4) + digits);
  });
});
