import { widthOf } from '../../api/src/cli/terminal/width.ts';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Run, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

describeWithServices('sources, destinations and mappings on the command line', () => {
  let workspace: Workspace;
  let sink: Sink;
  let route: RoutedRecords;
  let status = 200;

  beforeAll(async () => {
    sink = await startSink({ respond: (_request, response) => response.writeHead(status).end('told by the sink') });
    workspace = await openWorkspace();
    route = await workspace.route({
      source: { verification: 'github', secrets: ['a secret nobody may see'] },
      destination: { type: 'http', url: `${sink.url}/hook`, headers: { 'x-key': 'a header nobody may see' } },
      mapping: { filter: 'body.a == 1', template: { text: '{{ body.a }}' } },
    });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const cli = (...args: string[]): Promise<Run> => cliOn(undefined, ...args);

  /** On a terminal so wide. */
  async function cliOn(columns: number | undefined, ...args: string[]): Promise<Run> {
    const { email, password } = workspace.pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const run = await runCli([...args, '--url', workspace.app.url], { env, ...(columns && { columns }) });
    expect(run.out + run.err).not.toContain('nobody may see');
    return run;
  }

  const fieldsOf = ({ out }: Run) => out.match(/^\w+(?= )/gm) ?? [];

  it('lists each kind, with names at the ends of mappings', async () => {
    const { source, sourceId, destinationId, mappingId } = route;
    const lists = await Promise.all(['sources', 'destinations', 'mappings'].map((kind) => cli(kind, 'ls')));
    const lines = [
      [`${source}  yes`, 'github', `${workspace.app.url}/ingest/${source}  ${sourceId}\n`],
      [`${source}  http`, '  ok', `${sink.url}/hook  ${destinationId}\n`],
      [`${source}  yes`, `${source}  ${source}`, `body.a == 1  ${mappingId}\n`],
    ];
    for (const [index, { exitCode, out, err }] of lists.entries()) {
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      for (const part of lines[index] ?? []) expect(out).toContain(part);
    }
    const { out } = await cli('mappings', 'ls', '--json');
    expect(JSON.parse(out)).toMatchObject({ data: [{ id: mappingId, source: sourceId }], next_cursor: null });
  });

  it('shows one by name or id, secrets masked', async () => {
    const { source, sourceId, mappingId } = route;
    const shown = await cli('sources', 'show', source);
    expect(fieldsOf(shown)).toEqual([
      ...['name', 'enabled', 'url', 'verification', 'secrets', 'when_paused', 'on_malformed'],
      ...['created', 'updated', 'account', 'id'],
    ]);
    expect(shown.out).toMatch(new RegExp(`\nid +${sourceId}\n$`));
    expect(shown.out).toMatch(new RegExp(`^url +${workspace.app.url}/ingest/${source}$`, 'm'));
    expect(shown.out).toMatch(/^secrets +\["•••• see"\]$/m);
    expect(shown.out).not.toMatch(/^event_type/m);
    const mapping = await cli('mappings', 'show', mappingId);
    expect(mapping.out).toMatch(new RegExp(`^source +${source}$`, 'm'));
    expect(mapping.out).toMatch(/^template +\{"text":"\{\{ body.a \}\}"\}$/m);
    expect(fieldsOf(mapping).slice(0, 5)).toEqual(['name', 'enabled', 'source', 'destination', 'filter']);
    const destination = await cli('destinations', 'show', source);
    expect(destination.out).toMatch(/^headers +\{"x-key":"•••• see"\}$/m);
    expect(fieldsOf(destination)).toEqual([
      ...['name', 'type', 'state', 'url', 'headers', 'secrets', 'created', 'updated', 'account', 'id'],
    ]);
    expect(await cli('sources', 'show', 'nothing')).toMatchObject({ exitCode: 3, out: '' });
  });

  it('lists fit the terminal, and are whole where there is none', async () => {
    const { sourceId, destinationId } = route;
    const name = '配達先 🎉 a destination with a name that is rather long';
    const { id } = await workspace.create('destinations', {
      name,
      type: 'http',
      url: `${sink.url}/${'x'.repeat(200)}`,
    });
    const filter = `body.${'a'.repeat(150)} == 1`;
    await workspace.create('mappings', { name: '地図'.repeat(20), source: sourceId, destination: id, filter });
    const event = (await (await workspace.ingest(route.source, '{}')).json()) as { id: string };
    expect(event).toMatchObject({ code: 'invalid_signature' });
    const lists = ['sources', 'destinations', 'mappings', 'events', 'deliveries', 'rejections', 'audit', 'keys'];
    for (const columns of [80, 120]) {
      for (const list of lists) {
        const { out, exitCode } = await cliOn(columns, list, 'ls');
        expect(exitCode).toBe(0);
        for (const line of out.split('\n')) expect([line, widthOf(line) <= columns]).toEqual([line, true]);
      }
      const { out } = await cliOn(columns, 'destinations', 'ls');
      // What is there of an id is whole.
      expect(out.includes(destinationId)).toBe(out.includes(' ID\n'));
    }
    const { out } = await cli('mappings', 'ls');
    expect(out).toContain(filter);
    expect((await cli('destinations', 'ls')).out).toContain(`${name}  http`);
    const { out: refused } = await cliOn(80, 'rejections', 'ls');
    expect(refused.replaceAll(/\s+/g, ' ')).toContain(
      "There is no x-hub-signature-256 header. Set the source's secret",
    );
  });

  it('sends a test event, and fails as the attempt does', async () => {
    expect((await cli('destinations', 'test', route.source)).out).toMatch(
      /^success {2}200 {2}\d+ ms {2}told by the sink\n$/,
    );
    status = 500;
    const failed = await cli('destinations', 'test', route.source);
    expect(failed).toMatchObject({ exitCode: 1, err: expect.stringContaining('The test event was not delivered: ') });
    status = 200;
    expect(JSON.parse((await cli('destinations', 'test', route.source, '--json')).out)).toMatchObject({ status: 200 });
  });

  it('switches sources and mappings off and on', async () => {
    const { source, mappingId } = await workspace.route({ destination: { type: 'inbox' } });
    expect(await cli('sources', 'pause', source)).toMatchObject({ exitCode: 0, out: 'Paused.\n' });
    expect((await workspace.ingest(source, '{}')).status).toBe(503);
    expect((await cli('sources', 'resume', source)).out).toBe('Resumed.\n');
    expect((await cli('mappings', 'pause', mappingId)).exitCode).toBe(0);
    const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
    const { body: event } = await workspace.api('GET', `/events/${id}`);
    expect(event.decisions).toMatchObject([{ outcome: 'disabled' }]);
    expect(JSON.parse((await cli('mappings', 'resume', mappingId, '--json')).out)).toEqual({
      id: mappingId,
      enabled: true,
    });
  });

  it('keeps the names of what was deleted', async () => {
    const gone = await workspace.route({ destination: { type: 'inbox' }, mapping: { filter: 'body.no == 1' } });
    const { id } = (await (await workspace.ingest(gone.source, '{}')).json()) as { id: string };
    const there = await workspace.route({ source: { name: 'still-there' }, destination: { type: 'inbox' } });
    await workspace.api('DELETE', `/sources/${gone.sourceId}`);
    await workspace.api('DELETE', `/destinations/${gone.destinationId}`);
    expect((await cli('events', 'ls')).out).toMatch(new RegExp(` ${gone.source} \\(deleted\\) .*${id}$`, 'm'));
    const { out } = await cli('events', 'show', id);
    expect(out).toMatch(new RegExp(`^Source +${gone.source} \\(deleted\\)$`, 'm'));
    expect(out).toContain(`${gone.source} (deleted) (to ${gone.source} (deleted)): filtered out by`);
    expect((await cli('events', 'ls', '--source', gone.sourceId)).out).toContain(id);
    expect((await cli('events', 'ls', '--source', there.sourceId)).out).not.toContain(id);
  });

  it('says which destination fails, and why its delivery waits', async () => {
    status = 500;
    const { source, destinationId } = await workspace.route({
      destination: { type: 'http', url: `${sink.url}/failing` },
    });
    const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
    await until('the first attempt', async () => {
      const [delivery] = await workspace.deliveries(id, 'pending', 'delivering');
      return delivery?.attempts_made > 0 && delivery?.state === 'pending' ? delivery : undefined;
    });
    expect((await cli('destinations', 'ls')).out).toMatch(new RegExp(`${source} .* failing since \\d\\d:\\d\\d `, 'm'));
    expect((await cli('destinations', 'ls', '--json')).out).toContain('"failures": 1');
    const doctor = await cli('doctor');
    expect(doctor.out).toContain(`✗ sending: ${source} (failing since`);
    expect(doctor.out).toContain(`pockethook deliveries ls --destination ${destinationId}`);
    expect((await cli('deliveries', 'ls', '--event', id)).out).toMatch(/ (next try in \d+s|due now) +\w{15}$/m);
    expect((await fetch(`${workspace.app.url}/readyz`)).status).toBe(200);
    status = 200;
  });

  it('pauses a destination and lets go what was held, at a rate', async () => {
    const { secrets: _, ...hook } = await workspace.route({ destination: { type: 'http', url: `${sink.url}/paused` } });
    const before = sink.requests.length;
    expect(await cli('destinations', 'pause', hook.source)).toMatchObject({ exitCode: 0 });
    const { id } = (await (await workspace.ingest(hook.source, '{}')).json()) as { id: string };
    await workspace.deliveries(id, 'held');
    expect((await cli('destinations', 'ls')).out).toMatch(new RegExp(`${hook.source} .* paused `, 'm'));
    expect((await cli('deliveries', 'ls', '--event', id)).out).toMatch(/ held .* paused +\w{15}$/m);
    expect(sink.requests.length).toBe(before);
    const resumed = await cli('destinations', 'resume', hook.source, '--rate', '50');
    expect(resumed.out).toBe('Resumed. Held deliveries that go out now: 1, 50 a second.\n');
    await workspace.deliveries(id, 'delivered');
    expect(await cli('destinations', 'resume', hook.source, '--rate', '0')).toMatchObject({ exitCode: 2 });
    expect((await cli('destinations', 'resume', hook.source)).out).toBe(
      'Resumed. Held deliveries that go out now: 0.\n',
    );
  });
});
