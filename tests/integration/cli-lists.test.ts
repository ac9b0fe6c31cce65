import { describeWithServices } from '../support/services.ts';
import { type Run, runCli } from '../unit/cli/support.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

describeWithServices('lists on the command line', () => {
  let workspace: Workspace;
  let route: RoutedRecords;
  const events: string[] = [];

  beforeAll(async () => {
    workspace = await openWorkspace();
    route = await workspace.route({
      source: { event_type: 'body.type', extract: { customer: 'body.customer' } },
      destination: { type: 'inbox' },
    });
    for (const body of [
      { type: 'order.paid', customer: 'Ada@example.com' },
      { type: '=HYPERLINK("http://evil.example")', customer: 'x' },
      { type: 'order.paid', customer: 'grace@example.com' },
    ]) {
      const { id } = (await (await workspace.ingest(route.source, JSON.stringify(body))).json()) as { id: string };
      await workspace.deliveries(id, 'delivered');
      events.unshift(id);
    }
  });
  afterAll(() => workspace?.stop());

  // With a key: each login would add a row to the audit that is listed.
  let key: string | undefined;
  async function cli(...args: string[]): Promise<Run> {
    key ??= (await workspace.api('POST', '/api-keys', { name: 'lists', role: 'operator' })).body.key as string;
    const env = { POCKETHOOK_TOKEN: key };
    return runCli([...args, '--url', workspace.app.url], { env });
  }
  const idsOf = ({ out }: Run): string[] => out.split('\n').flatMap((line) => (line ? [JSON.parse(line).id] : []));

  it('narrows events by time', async () => {
    const { body: middle } = await workspace.api('GET', `/events/${events[1]}`);
    expect(idsOf(await cli('events', 'ls', '--from', middle.received_at, '--jsonl'))).toEqual(events.slice(0, 2));
    expect(idsOf(await cli('events', 'ls', '--to', middle.received_at, '--jsonl'))).toEqual(events.slice(2));
  });

  it.each([
    ['ADA@', [2]],
    ['order', [0, 2]],
    ['nobody', []],
  ])('finds the events with %j', async (text, places) => {
    const run = await cli('events', 'ls', '--search', text, '--jsonl');
    expect(idsOf(run)).toEqual(places.map((place) => events[place]));
  });

  it('narrows records by when they were made', async () => {
    const all = idsOf(await cli('destinations', 'ls', '--from', '1h', '--jsonl'));
    const { body } = await workspace.api('GET', `/destinations/${route.destinationId}`);
    expect(all).toContain(route.destinationId);
    const before = await cli('destinations', 'ls', '--to', body.created, '--jsonl');
    expect(idsOf(before)).not.toContain(route.destinationId);
    expect(idsOf(await cli('destinations', 'ls', '--from', body.created, '--jsonl'))).toContain(route.destinationId);
  });

  it('narrows to an account, by its name', async () => {
    await workspace.pb.collection('accounts').create({ name: 'acme' });
    for (const noun of ['events', 'deliveries', 'sources', 'destinations', 'mappings', 'audit']) {
      const [ours, theirs] = [
        await cli(noun, 'ls', '--account', 'default', '--jsonl'),
        await cli(noun, 'ls', '--account', 'acme', '--jsonl'),
      ];
      expect([noun, idsOf(ours).length > 0, idsOf(theirs).length]).toEqual([noun, true, noun === 'audit' ? 1 : 0]);
    }
    expect(await cli('events', 'ls', '--account', 'nobody')).toMatchObject({ exitCode: 3 });
  });

  it('finds by the names of records too', async () => {
    expect(idsOf(await cli('events', 'ls', '--search', route.source, '--jsonl'))).toEqual(events);
    expect(idsOf(await cli('deliveries', 'ls', '--search', route.source, '--jsonl'))).toHaveLength(3);
  });

  it('makes a table for spreadsheets, with names and without formulas', async () => {
    const { out, err } = await cli('events', 'ls', '--csv');
    const [heading, first, second] = out.split('\r\n');
    expect(err).toBe('');
    expect(heading).toMatch(/^id,.*\bsource,trigger,type,/);
    expect(first).toContain(`${events[0]},`);
    expect(first).toContain(`,${route.source},,order.paid,`);
    expect(second).toContain(`,"'=HYPERLINK(""http://evil.example"")",`);
  });

  it.each(['events', 'deliveries', 'rejections', 'audit', 'replays', 'sources', 'destinations', 'mappings', 'keys'])(
    '%s ls takes every form',
    async (noun) => {
      const asJson = JSON.parse((await cli(noun, 'ls', '--all', '--json')).out).data as { id: string }[];
      expect(idsOf(await cli(noun, 'ls', '--all', '--jsonl'))).toEqual(asJson.map(({ id }) => id));
      const csv = (await cli(noun, 'ls', '--all', '--csv')).out.trimEnd().split('\r\n');
      expect(csv).toHaveLength(asJson.length + 1);
      // Every field of a row has its column.
      for (const field of Object.keys(asJson[0] ?? {})) expect(csv[0]?.split(',')).toContain(field);
    },
  );
});
