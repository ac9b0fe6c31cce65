import { describeWithServices, rewriteRow, startApp } from '../support/services.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const DAY = 24 * 60 * 60_000;

describeWithServices('retention', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  const ageBy = async (collection: string, id: string, field: string, days: number) => {
    const at = new Date(Date.now() - days * DAY).toISOString().replace('T', ' ');
    await rewriteRow(workspace.pb, collection, id, { [field]: at });
  };
  const accept = async (source: string, ...states: string[]) => {
    const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
    await workspace.deliveries(id, ...states);
    return id;
  };

  test('what is old and final goes when the API starts; the rest stays, and the API says what it did', async () => {
    const { pb } = workspace;
    const inbox = await workspace.route({ destination: { type: 'inbox' } });
    const disabled = await workspace.route({ destination: { type: 'inbox', enabled: false } });
    const old = await accept(inbox.source, 'delivered');
    const held = await accept(disabled.source, 'held');
    const young = await accept(inbox.source, 'delivered');
    for (const id of [old, held]) await ageBy('events', id, 'received_at', 31);
    await ageBy('events', young, 'received_at', 29);

    const app = await startApp(workspace.pocketbase, { config: { retentionDays: 30, auditRetentionDays: 365 } });
    const line = await until('the run', () => app.lines.find(({ message }) => message === 'retention'));
    expect(line).toMatchObject({ level: 'info', events: 1, deliveries: 1, attempts: 1, rejections: 0, audit: 0 });
    const left = await pb.collection('events').getFullList();
    expect(left.map(({ id }) => id).sort()).toEqual([held, young].sort());
    expect((await workspace.api('GET', `/events/${old}`)).status).toBe(404);
    expect((await workspace.api('GET', `/deliveries?event=${old}`)).body.data).toEqual([]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('pockethook_retention_runs_total{result="done"} 1\n');
    expect(metrics).toContain('pockethook_retention_deleted_total{kind="events"} 1\n');
    await app.stop();
  });
});
