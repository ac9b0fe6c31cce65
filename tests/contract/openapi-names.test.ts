import { randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

describeWithServices('names', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
  });

  async function create(kind: string, fields: object) {
    const body = { name: `n-${randomUUID()}`, ...fields };
    const answer = await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as { id: string; name: string };
  }
  const remove = (kind: string, { id }: { id: string }) =>
    services.call('DELETE', `/api/v1/${kind}/{id}`, { token: services.operator, params: { id } });
  const names = async (ids: string[], token = services.operator) =>
    (await services.call('GET', '/api/v1/names', { token, query: { ids: ids.join(',') } })).body.data;

  it('are known of what is there and of what was deleted, along with it too', async () => {
    const source = await create('sources', {});
    const destination = await create('destinations', { type: 'inbox' });
    const mapping = await create('mappings', { source: source.id, destination: destination.id });
    const ids = [mapping.id, source.id, destination.id, 'aaaaaaaaaaaaaaa'];
    const there = await names(ids);
    expect(there).toHaveLength(3);
    expect(there).toContainEqual({ kind: 'mapping', id: mapping.id, name: mapping.name, deleted_at: null });

    await services.call('PATCH', '/api/v1/sources/{id}', {
      token: services.operator,
      params: { id: source.id },
      body: { name: 'renamed-before-it-went' },
    });
    await remove('sources', source);
    const left = await names(ids);
    const deleted_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(left).toHaveLength(3);
    expect(left).toContainEqual({ kind: 'source', id: source.id, name: 'renamed-before-it-went', deleted_at });
    expect(left).toContainEqual({ kind: 'mapping', id: mapping.id, name: mapping.name, deleted_at });
    expect(left).toContainEqual({ kind: 'destination', id: destination.id, name: destination.name, deleted_at: null });
  });

  it('are those of the own account, for viewers too', async () => {
    const viewer = await services.user('viewer');
    const mine = await create('sources', { account: viewer.account });
    const gone = await create('destinations', { account: viewer.account, type: 'inbox' });
    const other = await create('sources', {});
    const otherGone = await create('sources', {});
    await remove('destinations', gone);
    await remove('sources', otherGone);
    const found = await names([mine.id, gone.id, other.id, otherGone.id], viewer.token);
    expect(found.map(({ id }: { id: string }) => id).sort()).toEqual([mine.id, gone.id].sort());
  });

  it('are asked for by 50 ids at once', async () => {
    const source = await create('sources', {});
    const ids = Array.from({ length: 49 }, (_, n) => String(n).padStart(15, 'z'));
    expect(await names([...ids, source.id])).toMatchObject([{ id: source.id }]);
  });

  it.each(['', 'x', Array(51).fill('aaaaaaaaaaaaaaa').join(',')])('refuse ids %j', async (ids) => {
    const answer = await services.call('GET', '/api/v1/names', { token: services.operator, query: { ids } });
    expect(answer.body).toMatchObject({ code: 'validation_failed' });
  });
});
