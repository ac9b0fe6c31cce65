import { describeWithServices } from '../support/services.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const CANARY = 'canary-of-a-credential';

describeWithServices('what an event keeps of credentials', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  const rules = {
    dedupe_key: 'headers[?"x-order-key"].orValue("")',
    extract: { order: 'headers[?"x-order-key"].orValue("none")', token: 'query.?token.orValue("none")' },
  };
  const template = { order: '{{ data.order }}', token: '{{ query.?token.orValue("none") }}' };

  async function accepted(source: string, query: string, headers: Record<string, string>) {
    const response = await workspace.ingest(`${source}?${query}`, '{"n":1}', headers);
    expect(response.status).toBeLessThan(300);
    const { id } = (await response.json()) as { id: string };
    return (await workspace.api('GET', `/events/${id}`)).body;
  }

  test('header and query parameter are redacted, in the store and for rules, and by a replay as well', async () => {
    const route = await workspace.route({ source: rules, destination: { type: 'inbox' }, mapping: { template } });
    const headers = { 'x-order-key': CANARY, 'x-telegram-bot-api-secret-token': CANARY, 'idempotency-key': 'i' };
    const event = await accepted(route.source, `token=${CANARY}&id=7`, headers);
    expect(JSON.stringify(event)).not.toContain(CANARY);
    expect(event).toMatchObject({
      query: 'token=[redacted]&id=7',
      extracted: { order: 'none', token: 'none' },
      dedupe_key: '',
    });
    expect(event.headers).toContainEqual(['idempotency-key', 'i']);
    const { status } = await workspace.api('POST', `/events/${event.id}/replay`, { mode: 'current' });
    expect(status).toBe(202);
    const bodies = (await workspace.deliveries(event.id, 'delivered')).map(({ request_body }) => request_body);
    expect(bodies.map((body) => JSON.parse(body))).toEqual(Array(2).fill({ order: 'none', token: 'none' }));
  });

  test('what the source names in not_redacted stays, and rules see it', async () => {
    const source = { ...rules, not_redacted: ['X-Order-Key', 'token'] };
    const route = await workspace.route({ source, destination: { type: 'inbox' }, mapping: { template } });
    const event = await accepted(route.source, 'token=t-1', { 'x-order-key': 'order-1', 'x-api-key': CANARY });
    expect(event).toMatchObject({ query: 'token=t-1', extracted: { order: 'order-1', token: 't-1' } });
    expect(event.headers).toContainEqual(['x-api-key', '[redacted]']);
    const again = await workspace.ingest(route.source, '{"n":1}', { 'x-order-key': 'order-1' });
    expect(await again.json()).toMatchObject({ id: event.id, duplicate: true });
    const body = { body: {}, source: route.sourceId, headers: { 'X-Order-Key': 'p', 'x-other-key': 'q' }, template };
    const preview = await workspace.api('POST', '/mappings/preview', { ...body, query: 'token=t-2' });
    expect(preview.body.data).toEqual({ order: 'p', token: 't-2' });
  });

  test.each([['authorization'], ['']])('not_redacted can not hold %j', async (name) => {
    const fields = { name: 'refused', verification: 'none', not_redacted: [name] };
    const { status, body } = await workspace.api('POST', '/sources', fields);
    expect([status, body.errors[0].field]).toEqual([400, expect.stringMatching(/^\/not_redacted/)]);
  });
});
