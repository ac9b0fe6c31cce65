import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describeWithServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { type Answer, type RequestParts, send } from './request.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

const SECRET = 'a secret between producer and source';
const KEY = Buffer.alloc(32, 1).toString('base64');
const CANARY = 'canary-of-a-credential';
const JSON_TYPE = { 'content-type': 'application/json' };

const hmac = (algorithm: string, body: string) => createHmac(algorithm, SECRET).update(body);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** As a producer would sign whose clock is this many seconds off. */
function standardHeaders(body: string, offset: number): Record<string, string> {
  const at = new Date(Date.now() + offset * 1000);
  return {
    'webhook-id': `id-${offset}`,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(KEY).sign(`id-${offset}`, at, body),
  };
}

describeWithServices('what ingest refuses', () => {
  let workspace: Workspace;
  const routes: Record<string, RoutedRecords> = {};

  beforeAll(async () => {
    workspace = await openWorkspace();
    const open = (source: object) => workspace.route({ source, destination: { type: 'inbox' } });
    routes.none = await open({});
    routes.github = await open({ verification: 'github', secrets: [SECRET] });
    routes.standard = await open({ verification: 'standard-webhooks', secrets: [`whsec_${KEY}`] });
    routes.hmac = await open({
      verification: 'hmac',
      secrets: [SECRET],
      verification_options: { header: 'X-Mine', algorithm: 'sha512', encoding: 'base64', prefix: 'v0=' },
    });
  });
  afterAll(async () => {
    await workspace?.stop();
  });

  const post = (kind: string, parts: RequestParts): Promise<Answer> =>
    send(`${workspace.app.url}/ingest/${routes[kind]?.source}`, parts);
  const rejectionsOf = (source: string) =>
    workspace.pb.collection('rejections').getFullList({ filter: `source = "${source}"` });
  const rows = (collection: string, kind: string) =>
    workspace.pb.collection(collection).getFullList({ filter: `source = "${routes[kind]?.sourceId}"` });

  test.each<[what: string, kind: string, parts: RequestParts, status: number, code: string, detail: RegExp]>([
    ['broken JSON', 'none', { body: '{"a":1,}', headers: JSON_TYPE }, 400, 'malformed_json', /position 7/],
    ['half JSON', 'none', { body: '{"a":[1', headers: JSON_TYPE }, 400, 'malformed_json', /position 7/],
    ['an open text', 'none', { body: '{"a":"b', headers: JSON_TYPE }, 400, 'malformed_json', /closing quote/],
    ['no JSON at all', 'none', { body: '<a/>', headers: JSON_TYPE }, 400, 'malformed_json', /position 0/],
    [
      'JSON in Latin-1',
      'none',
      { body: Buffer.from('"\xe9"', 'latin1'), headers: JSON_TYPE },
      400,
      'malformed_json',
      /UTF-8/,
    ],
    ['deep JSON', 'none', { body: nested(65), headers: JSON_TYPE }, 400, 'malformed_json', /64 levels/],
    ['very deep JSON', 'none', { body: nested(400_000), headers: JSON_TYPE }, 400, 'malformed_json', /64 levels/],
    ['an unknown encoding', 'none', { headers: { 'content-encoding': 'zstd' } }, 415, 'unsupported_encoding', /gzip/],
    [
      'too many encodings in a row',
      'none',
      { headers: { 'content-encoding': 'gzip, gzip, gzip, gzip' } },
      415,
      'unsupported_encoding',
      /br/,
    ],
    [
      'gzip that is none',
      'none',
      { body: 'plain', headers: { 'content-encoding': 'gzip' } },
      400,
      'malformed_body',
      /Content-Encoding/,
    ],
    ['no signature', 'github', { body: '{}' }, 401, 'invalid_signature', /There is no x-hub-signature-256/],
    [
      "github: another body's signature",
      'github',
      { body: '{}', headers: { 'x-hub-signature-256': `sha256=${hmac('sha256', '{ }').digest('hex')}` } },
      401,
      'invalid_signature',
      /does not fit/,
    ],
    [
      'hmac: another algorithm',
      'hmac',
      { body: '{}', headers: { 'x-mine': `v0=${hmac('sha256', '{}').digest('base64')}` } },
      401,
      'invalid_signature',
      /x-mine/,
    ],
    [
      'hmac: no prefix',
      'hmac',
      { body: '{}', headers: { 'x-mine': hmac('sha512', '{}').digest('base64') } },
      401,
      'invalid_signature',
      /"v0="/,
    ],
    [
      'standard-webhooks: too old',
      'standard',
      { body: '{}', headers: standardHeaders('{}', -3600) },
      401,
      'invalid_signature',
      /3[6-9]\d\d s behind/,
    ],
    [
      'standard-webhooks: too far ahead',
      'standard',
      { body: '{}', headers: standardHeaders('{}', 7200) },
      401,
      'invalid_signature',
      /[67]\d\d\d s ahead/,
    ],
    [
      'standard-webhooks: another body',
      'standard',
      { body: '{} ', headers: standardHeaders('{}', 0) },
      401,
      'invalid_signature',
      /No v1 or v1a signature/,
    ],
  ])('%s', async (what, kind, parts, status, code, detail) => {
    const before = await rows('events', kind);
    const correlationId = what.replace(/[^A-Za-z]+/g, '-');
    const headers = { ...(parts.headers as object), 'x-correlation-id': correlationId };
    const answer = await post(kind, { ...parts, headers });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = JSON.parse(answer.text);
    expect(problem).toMatchObject({
      status,
      code,
      correlation_id: correlationId,
      detail: expect.stringMatching(detail),
    });
    const rejection = await until('the rejection', async () =>
      (await rows('rejections', kind)).find(({ correlation_id }) => correlation_id === correlationId),
    );
    expect(rejection).toMatchObject({ code, detail: problem.detail, method: 'POST' });
    expect(await rows('events', kind)).toHaveLength(before.length);
  });

  test('signatures that fit are accepted, the clock may be five minutes off', async () => {
    const answers = await Promise.all([
      post('github', {
        body: '{}',
        headers: { 'x-hub-signature-256': `sha256=${hmac('sha256', '{}').digest('hex')}` },
      }),
      post('hmac', { body: '{}', headers: { 'x-mine': `v0=${hmac('sha512', '{}').digest('base64')}` } }),
      ...[-290, 290].map((offset) => post('standard', { body: '{}', headers: standardHeaders('{}', offset) })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  });

  test.each([
    ['an unknown source', '/ingest/nobody', 'POST', 404, 'unknown_source'],
    ['a path below a source', '/ingest/none/more', 'POST', 404, 'not_found'],
    ['GET', '/ingest/none', 'GET', 405, 'method_not_allowed'],
    ['PUT', '/ingest/none', 'PUT', 405, 'method_not_allowed'],
    ['a bad path', '/ingest/%E0%A4%A', 'POST', 400, 'malformed_request'],
  ])('%s', async (_what, path, method, status, code) => {
    const answer = await send(`${workspace.app.url}${path.replace('none', routes.none?.source ?? '')}`, { method });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, expect.objectContaining({ code, status })]);
    expect(answer.headers.allow).toBe(status === 405 ? 'POST' : undefined);
  });

  test('a paused source answers as it says for as long as it is paused, and leaves rejections; a deleted one is 404', async () => {
    const { source, sourceId } = await workspace.route({ destination: { type: 'inbox' } });
    const answers = [];
    for (const fields of [
      { enabled: true },
      { enabled: false },
      { when_paused: 'gone' },
      { when_paused: 'not_found' },
      { enabled: true },
    ]) {
      await workspace.api('PATCH', `/sources/${sourceId}`, fields);
      answers.push(await workspace.ingest(source, '{}', { 'x-correlation-id': `paused-${answers.length}` }));
    }
    const codes = await Promise.all(
      answers.map(async (answer) => [answer.status, ((await answer.json()) as { code?: string }).code]),
    );
    expect(codes).toEqual([
      [202, undefined],
      [503, 'source_paused'],
      [410, 'source_gone'],
      [404, 'unknown_source'],
      [202, undefined],
    ]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual([null, '300', null, null, null]);
    await until('the rejections', async () => {
      const ring = await workspace.pb.collection('rejections').getFullList({ filter: `source = "${sourceId}"` });
      const left = ring.map(({ code, correlation_id }) => `${correlation_id} ${code}`).sort();
      return left.join() === 'paused-1 source_paused,paused-2 source_gone,paused-3 unknown_source';
    });
    await workspace.api('DELETE', `/sources/${sourceId}`);
    expect((await workspace.ingest(source, '{}')).status).toBe(404);
  });

  test('broken JSON: refused with how it begins, or kept as an error, as the source says', async () => {
    const { source, sourceId } = await workspace.route({ destination: { type: 'inbox' } });
    const broken = '{"id": 1, "api_key": "hush-hush-hush", "note": "ü';
    expect((await workspace.ingest(source, broken)).status).toBe(400);
    const rejection = await until('the rejection', async () => (await rejectionsOf(sourceId))[0]);
    expect(rejection.body_excerpt).toBe('{"id": 1, "api_key": "[redacted]", "note": "ü');
    await workspace.api('PATCH', `/sources/${sourceId}`, { on_malformed: 'keep' });
    const kept = await workspace.ingest(source, broken);
    expect(kept.status).toBe(202);
    const event = await workspace.api('GET', `/events/${((await kept.json()) as { id: string }).id}`);
    expect(event.body).toMatchObject({
      body: broken,
      decisions: [{ outcome: 'error', where: 'source.body', message: expect.stringContaining('declared as JSON') }],
    });
  });

  test('the newest 100 rejections of each source are kept', async () => {
    const { source, sourceId } = await workspace.route({ destination: { type: 'inbox' } });
    const refuse = async (from: number, to: number) => {
      for (let n = from; n <= to; n++) {
        await workspace.ingest(source, '{', { 'x-correlation-id': `n-${n}` });
      }
      return until(`rejection ${to}`, async () => {
        const ring = await workspace.pb.collection('rejections').getFullList({ filter: `source = "${sourceId}"` });
        return ring.some(({ correlation_id }) => correlation_id === `n-${to}`) ? ring : undefined;
      });
    };
    await refuse(1, 60);
    const ring = await refuse(61, 120);
    expect(ring).toHaveLength(100);
    const numbers = ring.map(({ correlation_id }) => Number(correlation_id.slice(2)));
    expect(Math.min(...numbers)).toBe(21);
  });

  test('a rejection is recorded however long its header fields are', async () => {
    const headers = { 'content-type': `application/json;${'x'.repeat(3_000)}`, 'x-correlation-id': 'long-type' };
    expect((await post('none', { body: '{', headers })).status).toBe(400);
    await until('the rejection', async () =>
      (await rows('rejections', 'none')).find(({ correlation_id }) => correlation_id === 'long-type'),
    );
  });

  test('credentials are redacted, and are nowhere in the store or the logs', async () => {
    const carriers = {
      authorization: `Bearer ${CANARY}`,
      cookie: `session=${CANARY}`,
      'x-api-key': CANARY,
      'x-gitlab-token': CANARY,
      'x-something-else': `Basic ${CANARY}`,
      'x-mine': `v0=${hmac('sha512', '{"n":1}').digest('base64')}`,
    };
    const signature = hmac('sha512', '{"n":1}').digest('base64');
    const answer = await post('hmac', { body: '{"n":1}', headers: { ...carriers, 'x-plain': 'kept' } });
    const { body: event } = await workspace.api('GET', `/events/${JSON.parse(answer.text).id}`);
    const stored = Object.fromEntries(event.headers);
    expect(stored).toMatchObject({ 'x-plain': 'kept' });
    for (const name of Object.keys(carriers)) expect([name, stored[name]]).toEqual([name, '[redacted]']);
    // A refused request leaves traces as well: none of them may hold what it carried.
    await post('hmac', { body: `{"n":"${CANARY}"}`, headers: { ...carriers, 'x-mine': `v0=${CANARY}` } });
    await until('the rejection', async () => ((await rows('rejections', 'hmac')).length > 2 ? true : undefined));

    const { dataDir } = workspace.pocketbase;
    const files = readdirSync(dataDir).filter((name) => name.includes('.db'));
    expect(files).toEqual(expect.arrayContaining(['data.db', 'auxiliary.db']));
    for (const file of files) {
      const bytes = readFileSync(join(dataDir, file));
      for (const secret of [CANARY, signature, SECRET]) expect([file, bytes.includes(secret)]).toEqual([file, false]);
    }
    const logs = JSON.stringify([workspace.app.lines, workspace.pocketbase.lines]);
    for (const secret of [CANARY, signature, SECRET]) expect(logs).not.toContain(secret);
  });
});
