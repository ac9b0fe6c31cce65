import { aDeliveryTo, anEventOf } from '../contract/queue.fixture.ts';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { type Run, type RunOptions, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

describeWithServices('many deliveries on the command line', () => {
  let workspace: Workspace;
  let sink: Sink;
  let status = 200;

  beforeAll(async () => {
    sink = await startSink({ respond: (_request, response) => response.writeHead(status).end() });
    workspace = await openWorkspace({ config: { retrySchedule: [0] } });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  function cli(args: string[], options: RunOptions = {}): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', workspace.app.url], { ...options, env });
  }

  /** A destination at which so many events died; the events. */
  async function died(count: number) {
    status = 500;
    const { source, destinationId } = await workspace.route({ destination: { type: 'http', url: `${sink.url}/` } });
    const events: string[] = [];
    for (let n = 0; n < count; n++) {
      const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
      await workspace.deliveries(id, 'dead');
      events.push(id);
    }
    status = 200;
    return { name: source, destinationId, events };
  }

  /** A disabled destination for which so many deliveries are held. */
  async function held(count: number) {
    const { source, sourceId, destinationId } = await workspace.route({
      destination: { type: 'inbox', enabled: false },
    });
    const { account } = await workspace.pb.collection('sources').getOne(sourceId);
    const event = anEventOf({ account, source: sourceId });
    const deliveries = Array.from({ length: count }, () => aDeliveryTo(destinationId));
    const item = { event: { ...event, received_at: event.received_at.replace('T', ' ') }, deliveries };
    const body = { owner: 'test', lease_ms: 60_000, items: [item] };
    await workspace.pb.send('/api/pockethook/accept', { method: 'POST', body });
    return { name: source, destinationId };
  }

  const countOf = async (destination: string, state: string) => {
    const filter = workspace.pb.filter('destination = {:destination} && state = {:state}', { destination, state });
    return (await workspace.pb.collection('deliveries').getList(1, 1, { filter })).totalItems;
  };

  it('retries what died, after a question', async () => {
    const { name, destinationId, events } = await died(2);
    const ask = ['deliveries', 'retry', '--state', 'dead', '--from', '1h', '--destination', name];
    const dry = await cli([...ask, '--dry-run']);
    expect(dry).toEqual({
      exitCode: 0,
      out: expect.stringMatching(new RegExp(`^DESTINATION +DELIVERIES +RESULT\n${name} +2 +due\n$`)),
      err: 'A dry run: nothing was changed.\n',
    });
    expect(await cli(ask, { answer: false })).toEqual({
      exitCode: 1,
      out: '',
      err: `Retry 2 deliveries to ${name} (2)?\npockethook: Nothing was done.\n`,
    });
    expect(await cli(ask)).toMatchObject({ exitCode: 2, err: expect.stringContaining('add --yes') });
    expect(await countOf(destinationId, 'dead')).toBe(2);

    expect(await cli(ask, { answer: true })).toMatchObject({ exitCode: 0, out: expect.stringContaining(`${name}  2`) });
    for (const event of events) await workspace.deliveries(event, 'delivered');
    expect(await cli(ask)).toEqual({ exitCode: 0, out: '', err: 'There are no such deliveries.\n' });
  });

  it('leaves alone what was made after --to', async () => {
    const { name, destinationId } = await died(1);
    const none = await cli(['deliveries', 'retry', '--state', 'dead', '--destination', name, '--to', '1h', '--yes']);
    expect(none.err).toBe('There are no such deliveries.\n');
    expect(await countOf(destinationId, 'dead')).toBe(1);
  });

  it('Ctrl-C stops it, and the same command does the rest', async () => {
    const { name, destinationId } = await held(1_200);
    const interrupt = new AbortController();
    const ask = ['deliveries', 'cancel', '--state', 'held', '--destination', name, '--yes'];
    const onPrint = (text: string) => text.includes('500 of 1200') && interrupt.abort();
    const stopped = await cli(ask, { signal: interrupt.signal, onPrint });
    expect(stopped).toEqual({
      exitCode: 1,
      out: expect.stringMatching(/ 500 +cancelled\n$/),
      err: '500 of 1200 deliveries\npockethook: Stopped: 500 of 1200 are done. Run the same command again for the rest.\n',
    });
    expect(await countOf(destinationId, 'held')).toBe(700);
    const rest = await cli([...ask, '--json']);
    expect(JSON.parse(rest.out)).toEqual({
      outcomes: [{ destination: destinationId, outcome: 'cancelled', deliveries: 700 }],
    });
    expect(await countOf(destinationId, 'cancelled')).toBe(1_200);
    const audit = await cli(['audit', 'ls', '--action', 'delivery.cancel_many', '--limit', '3']);
    expect(audit.out.match(/ (500|200) deliveries\n/g)).toHaveLength(3);
  });

  it('says what can not be retried, and why', async () => {
    const [off, gone] = [await held(2), await held(3)];
    for (const { name } of [off, gone]) {
      await cli(['deliveries', 'cancel', '--state', 'held', '--destination', name, '--yes']);
    }
    expect((await workspace.api('DELETE', `/destinations/${gone.destinationId}`)).status).toBe(204);
    const { out } = await cli(['deliveries', 'retry', '--state', 'cancelled', '--from', '1h', '--rate', '20', '--yes']);
    expect(out).toMatch(new RegExp(`${off.name} +2 +held: the destination is disabled or paused\n`));
    expect(out).toMatch(/ 3 +not retried: the destination was deleted\n/);
    expect(await countOf(gone.destinationId, 'cancelled')).toBe(3);
  });

  it('cancels one', async () => {
    const { destinationId } = await held(1);
    const [{ id } = { id: '' }] = JSON.parse((await cli(['deliveries', 'ls', '--state', 'held', '--json'])).out).data;
    expect((await cli(['deliveries', 'cancel', id])).out).toContain(`Delivery ${id} is cancelled.`);
    expect(await countOf(destinationId, 'cancelled')).toBe(1);
    expect((await cli(['deliveries', 'cancel', id])).exitCode).toBe(1);
  });

  it.each([
    [['retry'], 'Name one delivery, or choose many with --state pending|held|dead|expired|cancelled: not both.'],
    [['retry', 'x', '--state', 'dead'], 'not both'],
    [['retry', '--from', '1h'], 'choose many with --state'],
    [['cancel', '--state', 'dead'], 'Allowed choices are pending, held'],
    [['retry', '--state', 'dead', '--rate', '0'], 'Write a number from 1 to 1000'],
  ])('%j is refused', async (args, message) => {
    const run = await cli(['deliveries', ...args]);
    expect(run).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(message) });
  });
});
