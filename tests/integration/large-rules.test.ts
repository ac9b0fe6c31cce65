import { describeWithServices, executeSql } from '../support/pocketbase.ts';
import { type Json, openWorkspace, type Workspace } from './workspace.ts';

const pattern = (n: number) => `{{ body.s.matches("\\\\pL{${n}}\\\\pN{1000}\\\\pS{1000}") }}`;
/** 10 KB that once stopped every account for 24 s. */
const LARGE = Array.from({ length: 190 }, (_, i) => pattern(811 + i));

describeWithServices('rules that are too large', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  const decisionsOf = async (source: string, body: object): Promise<Json[]> => {
    const accepted = (await (await workspace.ingest(source, JSON.stringify(body))).json()) as { id: string };
    return (await workspace.api('GET', `/events/${accepted.id}`)).body.decisions;
  };

  test('are refused whoever saves them, and nothing is stored', async () => {
    const { mappingId } = await workspace.route({ destination: { type: 'inbox' }, mapping: { template: { a: 1 } } });
    const refused = await workspace.api('PATCH', `/mappings/${mappingId}`, { template: LARGE });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('pattern is too large');
    await expect(workspace.pb.collection('mappings').update(mappingId, { template: LARGE })).rejects.toMatchObject({
      status: 400,
      response: { data: { template: { message: expect.stringContaining('pattern is too large') } } },
    });
    expect((await workspace.pb.collection('mappings').getOne(mappingId)).template).toEqual({ a: 1 });
  });

  test('are refused in a batch, too', async () => {
    const { mappingId } = await workspace.route({ destination: { type: 'inbox' } });
    await workspace.pb.settings.update({ batch: { enabled: true, maxRequests: 10, timeout: 3 } });
    const batch = workspace.pb.createBatch();
    batch.collection('mappings').update(mappingId, { name: 'in a batch' });
    batch.collection('mappings').update(mappingId, { template: LARGE });
    await expect(batch.send()).rejects.toMatchObject({ status: 400 });
    expect((await workspace.pb.collection('mappings').getOne(mappingId)).name).not.toBe('in a batch');
  });

  test('that are there from before cost no more than their own mapping, which can be paused', async () => {
    const { source, sourceId, mappingId } = await workspace.route({ destination: { type: 'inbox' } });
    const other = await workspace.create('destinations', { name: 'other', type: 'inbox', enabled: true });
    await workspace.create('mappings', { name: 'other', source: sourceId, destination: other.id, enabled: true });
    await executeSql(workspace.pb, 'UPDATE mappings SET template = {:template} WHERE id = {:id}', {
      template: JSON.stringify(LARGE),
      id: mappingId,
    });
    await workspace.api('PATCH', `/mappings/${mappingId}`, { name: 'renamed' });
    const decisions = await decisionsOf(source, { s: 'x' });
    expect(decisions).toHaveLength(2);
    expect(decisions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ outcome: 'delivery', destination: other.id }),
        expect.objectContaining({
          outcome: 'error',
          mapping: mappingId,
          message: expect.stringContaining('pattern is too large'),
        }),
      ]),
    );
    expect((await workspace.api('PATCH', `/mappings/${mappingId}`, { enabled: false })).status).toBe(200);
  });

  test('are refused by previews', async () => {
    const { status, body } = await workspace.api('POST', '/mappings/preview', {
      body: { s: 'x' },
      template: LARGE,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: 'error', message: expect.stringContaining('pattern is too large') });
  });
});
