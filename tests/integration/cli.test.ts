import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createStarter } from '../../api/src/configuration/starter.ts';
import { aDeliveryTo, anEventOf } from '../contract/queue.fixture.ts';
import {
  acceptItem,
  describeWithServices,
  startApp,
  startPocketBase,
  superuser,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Run, type RunOptions, runCli } from '../unit/cli/support.ts';

describeWithServices('the command line over both services', () => {
  let pocketbase: TestPocketBase;
  let api: TestApp;
  let sink: Sink;
  let status = 200;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    api = await start();
    sink = await startSink({ respond: (_request, response) => response.writeHead(status).end('told by the sink') });
    await createHook();
  });
  afterAll(async () => {
    await api.stop();
    await pocketbase.stop();
    await sink.close();
  });

  function start(port = 0): Promise<TestApp> {
    return startApp(pocketbase, {
      config: { port, retrySchedule: [0] },
      onConnected: async ({ records, starterMark }) => {
        await createStarter(records, starterMark);
      },
    });
  }

  function cli(args: string[], options: RunOptions = {}): Promise<Run> {
    const { email, password } = pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', api.url], { ...options, env });
  }

  test('events show has every delivery, however many the event has', async () => {
    const pb = await superuser(pocketbase);
    const [source] = await pb.collection('sources').getFullList();
    const destination = await pb
      .collection('destinations')
      .create({ account: source?.account, name: 'off', type: 'http', url: `${sink.url}/off`, enabled: false });
    const event = anEventOf({ account: source?.account, source: source?.id as string });
    const deliveries = Array.from({ length: 450 }, () => aDeliveryTo(destination.id));
    await acceptItem(pb, { event, deliveries });
    const shown = await cliJson<{ deliveries: { id: string }[] }>('events', 'show', event.id);
    expect(shown.deliveries.map(({ id }) => id)).toEqual(deliveries.map(({ id }) => id));
  });

  async function cliJson<T>(...args: string[]): Promise<T> {
    const { out, err } = await cli([...args, '--json']);
    expect(err).toBe('');
    return JSON.parse(out) as T;
  }

  async function call(path: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(api.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return (await response.json()) as { id: string; token: string };
  }

  /** A destination at the sink that gets what source `generic` sends with `hook: true`. */
  async function createHook(): Promise<void> {
    const { email, password } = pocketbase;
    const { token } = await call('/api/v1/session', { email, password });
    const headers = { authorization: `Bearer ${token}` };
    const { id } = await call('/api/v1/destinations', { name: 'hook', type: 'http', url: `${sink.url}/` }, headers);
    const mapping = { name: 'to hook', source: 'startergeneric0', destination: id, filter: 'body.hook == true' };
    await call('/api/v1/mappings', mapping, headers);
  }

  const post = async (body: unknown) => (await call('/ingest/generic', body)).id;

  /** The delivery of an event to `hook`, once it is in this state. */
  async function deliveryIn(state: string, event: string): Promise<string> {
    return until(`a delivery that is ${state}`, async () => {
      const list = ['deliveries', 'ls', '--event', event, '--destination', 'hook', '--state', state];
      return (await cliJson<{ data: { id: string }[] }>(...list)).data[0]?.id;
    });
  }

  it('lists and shows an event: body, decisions in words, deliveries', async () => {
    const event = await post('{"big":9007199254740993}');
    const list = await cli(['events', 'ls', '--source', 'generic', '--since', '1h']);
    expect(list).toMatchObject({ exitCode: 0, err: '' });
    expect(list.out).toMatch(new RegExp(`^\\S.* generic .* 1 delivery, 1 filtered out +${event}$`, 'm'));
    const { out } = await cli(['events', 'show', event]);
    expect(out).toContain('\n  "big": 9007199254740993\n');
    expect(out).toMatch(/to hook \(to hook\): filtered out by body\.hook == true$/m);
    expect(out).toMatch(/ inbox .*(?:pending|delivering|delivered)/);
    expect(out).toMatch(new RegExp(`^Source +generic\n(.+\n)+Event +${event}\n\nHeaders`));
    await expect(cliJson('events', 'show', event)).resolves.toMatchObject({
      id: event,
      body: '{"big":9007199254740993}',
    });
  });

  it('explains each decision, with the values that were read', async () => {
    const event = await post({ hook: 'no' });
    const { exitCode, out } = await cli(['explain', event, 'hook']);
    expect(exitCode).toBe(0);
    expect(out).toContain(`to hook (to hook)
At accept: filtered out by body.hook == true
  body.hook is "no"
Now:       would be filtered out by body.hook == true
  ✗ body.hook == true
      body.hook is "no"
`);
    expect((await cli(['events', 'show', event])).out).toContain('body.hook == true\n  body.hook is "no"\n');
    expect((await cliJson<{ mappings: unknown[] }>('explain', event)).mappings).toHaveLength(2);
  });

  it('shows a failed attempt with the response, and retries it', async () => {
    status = 500;
    const event = await post({ hook: true });
    const delivery = await deliveryIn('dead', event);
    const { out } = await cli(['deliveries', 'show', delivery]);
    expect(out).toMatch(/Attempt 1\n(?:.*\n)*Status +500\n/);
    expect(out).toContain('told by the sink');

    status = 200;
    expect(await cli(['deliveries', 'retry', delivery])).toMatchObject({ exitCode: 0, err: '' });
    await deliveryIn('delivered', event);
    const again = await cli(['deliveries', 'retry', delivery]);
    expect(again).toMatchObject({ exitCode: 1, out: '' });
    expect(again.err).toContain(`To send it again: pockethook replay ${event}\n`);
    expect(again.err).toMatch(/code conflict, correlation id [\w-]+\n$/);
  });

  it('replays to the destinations that were asked for', async () => {
    const event = await post({ hook: true });
    const first = await deliveryIn('delivered', event);
    const { deliveries } = await cliJson<{ deliveries: { id: string }[] }>('replay', event, '--destination', 'hook');
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]?.id).not.toBe(first);
    const current = await cli(['replay', event, '--mode', 'current']);
    expect(current.out).toMatch(/^hook: delivery \w{15}$/m);
  });

  it.each([
    [['events', 'show', 'aaaaaaaaaaaaaaa'], 3, /There is no/],
    [['deliveries', 'show', '../sources'], 3, /There is no/],
    [['events', 'ls', '--source', 'nope'], 3, /There is no source "nope"\. There are: .*generic/],
    [['events', 'ls', '--cursor', 'nonsense'], 2, /cursor/],
  ])('%j exits %d', async (args, exitCode, text) => {
    const run = await cli(args);
    expect(run).toMatchObject({ exitCode, out: '' });
    expect(run.err).toMatch(text);
  });

  it('doctor finds nothing wrong', async () => {
    const { exitCode, out } = await cli(['doctor']);
    expect(out).toContain('; no URL yet: discord');
    expect(out).not.toContain('✗');
    expect(out).toContain('✓ schema: ready');
    expect(exitCode).toBe(0);
  });

  it('puts the starter to use as the README says', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'pockethook-cli-')), 'discord.url');
    writeFileSync(path, 'https://discord.com/api/webhooks/1/not-a-token\n');
    const set = ['destinations', 'set', 'discord', '--destination-url', `@${path}`, '--enabled'];
    expect(await cli(set)).toMatchObject({
      exitCode: 0,
      err: '',
      out: 'Set url, enabled of the destination discord.\n',
    });
    rmSync(dirname(path), { recursive: true });
    expect(await cli(['mappings', 'resume', 'github → discord'])).toMatchObject({ exitCode: 0, err: '' });
    await cli(['mappings', 'pause', 'github → discord']);
  });

  it('is told when the password is wrong', async () => {
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: pocketbase.email, POCKETBASE_ADMIN_PASSWORD: 'wrong' };
    const run = await runCli(['events', 'ls', '--url', api.url], { env });
    expect(run).toMatchObject({ exitCode: 4, out: '' });
    expect(run.err).toContain('The credentials are those of POCKETBASE_ADMIN_EMAIL.');
    expect(run.err).toContain('If the password was changed since the first start, set POCKETHOOK_TOKEN');
  });

  it('doctor names mappings that lead events back', async () => {
    const file = (enabled: boolean) => `
sources:
  round: { verification: none, enabled: ${enabled} }
destinations:
  again: { type: http, url: '${api.url}/ingest/round' }
mappings:
  round again: { source: round, destination: again }
`;
    const path = join(mkdtempSync(join(tmpdir(), 'pockethook-cli-')), 'file.yaml');
    writeFileSync(path, file(true));
    expect(await cli(['apply', path, '--yes'])).toMatchObject({ exitCode: 0 });
    const { exitCode, out } = await cli(['doctor']);
    writeFileSync(path, file(false));
    await cli(['apply', path, '--yes']);
    rmSync(dirname(path), { recursive: true });
    expect(out).toMatch(/✗ loops: every event comes back: round → again → round\n {2}After 5 rounds/);
    expect(exitCode).toBe(1);
  });

  it('tail goes on after the API was started anew', async () => {
    const interruption = new AbortController();
    const port = Number(new URL(api.url).port);
    let restarted: Promise<string> | undefined;
    let noticed = () => {};
    const isNoticed = new Promise<void>((resolve) => {
      noticed = resolve;
    });
    const run = await cli(['events', 'tail', '--limit', '0', '--source', 'generic'], {
      signal: interruption.signal,
      onPrint: (text) => {
        if (text.includes('Waiting for events')) restarted = restart();
        if (text.includes('no event will be missed')) noticed();
        if (/→ inbox {2}delivered/.test(text)) interruption.abort();
      },
    });
    const event = await restarted;
    expect(run.exitCode).toBe(0);
    expect(run.out).toMatch(new RegExp(`${event} {2}generic .*\n(?:.*\n)*.*${event} {2}→ inbox {2}delivered`));
    expect(run.err).toContain('no event will be missed');

    async function restart(): Promise<string> {
      await api.stop();
      // A shorter absence is bridged by the client without a word.
      await isNoticed;
      api = await start(port);
      return post({ after: 'restart' });
    }
  });
});
