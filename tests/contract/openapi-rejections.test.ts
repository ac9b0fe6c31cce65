import { randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

const LIST = '/api/v1/rejections';
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describeWithServices('rejections', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
  });

  async function createSource(fields: object = {}) {
    const body = { name: `s-${randomUUID()}`, ...fields };
    const answer = await services.call('POST', '/api/v1/sources', { token: services.operator, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as { id: string; name: string; secrets: string[] };
  }

  const ingest = (source: { name: string }, body: string, headers: Record<string, string> = {}) =>
    services.call('POST', '/ingest/{source}', {
      params: { source: source.name },
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  const list = (query: Record<string, string | number>, token = services.operator) =>
    services.call('GET', LIST, { token, query });

  /** Asks until so many are written down: that happens behind the answers. */
  const rejections = (source: { id: string }, count: number) =>
    until('the rejections', async () => {
      const { body } = await list({ source: source.id, limit: 200 });
      return body.data.length >= count ? body.data : undefined;
    });

  it('say what was refused and why, with how the body begins and without credentials', async () => {
    const source = await createSource();
    await ingest(source, '{"note of theirs":5,', { 'X-Correlation-Id': 'refused-1', authorization: 'Bearer hush' });
    const [rejection, ...more] = await rejections(source, 1);
    expect(rejection).toMatchObject({
      source: source.id,
      code: 'malformed_json',
      detail: expect.stringMatching(/position/),
      correlation_id: 'refused-1',
      method: 'POST',
      content_type: 'application/json',
      body_bytes: 20,
      body_excerpt: '{"note of theirs":5,',
      received_at: expect.stringMatching(RFC3339),
    });
    expect(more).toEqual([]);
    expect(JSON.stringify(rejection)).not.toMatch(/hush/);
  });

  it('tell what was wrong with a signature, as a code', async () => {
    const source = await createSource({ verification: 'github' });
    await ingest(source, '{}');
    await ingest(source, '{}', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` });
    await ingest(source, '{', { 'content-encoding': 'zstd' });
    expect(await rejections(source, 3)).toMatchObject([
      { code: 'unsupported_encoding', verification_failure: '' },
      { code: 'invalid_signature', verification_failure: 'signature_mismatch' },
      { code: 'invalid_signature', verification_failure: 'signature_missing' },
    ]);
  });

  it('come in pages, newest first, none twice and none left out', async () => {
    const source = await createSource();
    const ids = Array.from({ length: 7 }, (_, n) => `page-${n}`);
    for (const id of ids) await ingest(source, '{', { 'X-Correlation-Id': id });
    await rejections(source, 7);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await list({ source: source.id, limit: 3, ...(cursor && { cursor }) });
      expect(body.data.length).toBeLessThanOrEqual(3);
      seen.push(...body.data.map(({ correlation_id }: { correlation_id: string }) => correlation_id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(ids.reverse());
  });

  it('can be asked for by their time', async () => {
    const source = await createSource();
    await ingest(source, '{');
    const [{ received_at }] = await rejections(source, 1);
    const count = async (query: Record<string, string>) =>
      (await list({ source: source.id, ...query })).body.data.length;
    expect(await count({ from: received_at })).toBe(1);
    expect(await count({ to: received_at })).toBe(0);
    expect(await count({ from: '2026-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' })).toBe(1);
  });

  it('of more events than the source takes: 429 with Retry-After', async () => {
    const source = await createSource({ rate_limit: 1 });
    const answers = [await ingest(source, '{}'), await ingest(source, '{}'), await ingest(source, '{}')];
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers[0]?.status).toBe(202);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect([refused[0]?.headers['retry-after'], refused[0]?.body.code]).toEqual(['1', 'too_many_requests']);
    expect(await rejections(source, refused.length)).toMatchObject(refused.map(() => ({ code: 'too_many_requests' })));
  });

  it('are seen by their account and by operators, by nobody else', async () => {
    const theirs = await services.user('viewer');
    const others = await services.user('admin');
    const source = await createSource({ account: theirs.account });
    await ingest(source, '{');
    await rejections(source, 1);
    expect((await list({}, theirs.token)).body.data).toMatchObject([{ source: source.id, account: theirs.account }]);
    expect((await list({}, others.token)).body.data).toEqual([]);
    expect((await list({ source: source.id }, others.token)).body.data).toEqual([]);
    expect((await services.call('GET', LIST)).status).toBe(401);
  });

  it.each([
    [{ cursor: 'bm90IG9uZQ' }, 'query/cursor'],
    [{ limit: 201 }, 'query/limit'],
    [{ source: 'not an id' }, 'query/source'],
    [{ code: 'x' }, 'query/code'],
    [{ from: 'yesterday' }, 'query/from'],
    [{ to: '2016-12-31T23:59:60Z' }, 'query/to'],
  ])('%j is refused at its field', async (query, field) => {
    const answer = await list(query as Record<string, string>);
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });
});
