import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answerer, answeredNames, json, problem, runCli, startAnswerer } from './support.ts';

let api: Answerer;
afterEach(() => api?.close());

describe('usage', () => {
  it.each([
    [[], 2, /Usage: pockethook/],
    [['--help'], 0, /Exit codes: 0 fine/],
    [['--version'], 0, /^1\.2\.3\n$/],
    [['events', 'tail', '--help'], 0, /Examples:\n {2}\$ pockethook events tail/],
    [['nonsense'], 2, /unknown command 'nonsense'/],
    [['events', 'ls', '--limit', '0'], 2, /Write a number from 1 to 10000/],
    [['deliveries', 'ls', '--state', 'lost'], 2, /Allowed choices are pending, /],
    [['replay'], 2, /Name an event, or choose many: --from/],
    [['replay', 'x', '--from', '1h'], 2, /not both/],
    [['replay', '--from', '1h', '--rate', '0'], 2, /Write a number from 1 to 1000/],
    [['replay', '--from', 'yesterday'], 2, /"yesterday" is no time/],
    [['replay', '--from', '1h', '--destination', 'a', 'b'], 2, /one --destination/],
    [['replay', '--from', '1h', '--status', 'lost'], 2, /Allowed choices are pending, /],
    [['replay', 'x', '--mode', 'best'], 2, /Allowed choices are original, current/],
  ])('%j exits %d', async (args, exitCode, text) => {
    const run = await runCli(args);
    expect(run.exitCode).toBe(exitCode);
    expect(run.out + run.err).toMatch(text);
    expect(exitCode === 0 ? run.err : run.out).toBe('');
  });
});

describe('answers that are none', () => {
  const html = (status: number) => (response: ServerResponse) => response.writeHead(status).end('<p>\u001b[31m</p>');
  it.each([
    [
      'not found',
      (r: ServerResponse) => problem(r, 404, 'not_found', 'There is no event x.'),
      3,
      'There is no event x.',
    ],
    ['forbidden', (r: ServerResponse) => problem(r, 403, 'forbidden', 'Viewers read only.'), 1, 'Viewers read only.'],
    ['bad request', (r: ServerResponse) => problem(r, 400, 'validation_failed', 'No.'), 2, 'No.'],
    ['conflict', (r: ServerResponse) => problem(r, 409, 'conflict', 'It is under way.'), 1, 'It is under way.'],
    ['no token', (r: ServerResponse) => problem(r, 401, 'unauthenticated', 'Log in.'), 4, 'those of POCKETHOOK_TOKEN'],
    ['store away', (r: ServerResponse) => problem(r, 503, 'store_unavailable', 'Later.'), 69, 'Later.'],
    ['another service', html(200), 1, "is not Pockethook's API (status 200)"],
    ['a proxy', html(502), 69, "is not Pockethook's API (status 502)"],
    ['a redirect', (r: ServerResponse) => r.writeHead(307, { location: '/elsewhere' }).end(), 1, '(status 307)'],
    ['no answer', (r: ServerResponse) => r.destroy(), 69, "can't be reached"],
  ])('%s', async (_name, answer, exitCode, text) => {
    api = await startAnswerer((_request, response) => answer(response));
    const run = await runCli(['events', 'show', 'x', '--url', api.url]);
    expect(run).toMatchObject({ exitCode, out: '' });
    expect(run.err).toContain(text);
    expect(run.err).not.toContain('\u001b');
    expect(run.err).not.toMatch(/\n\s+at /);
    // What may pass is asked for again, three times.
    expect(api.requests).toHaveLength(exitCode === 69 ? 4 : 1);
  });

  it('a connection that ends before the request is out, as with a container that starts', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end(),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const run = await runCli(['events', 'ls', '--url', `http://127.0.0.1:${port}`]);
    expect(run).toMatchObject({ exitCode: 69, out: '' });
    server.close();
    await once(server, 'close');
  });

  it('JSON of another service is no stack either', async () => {
    api = await startAnswerer((_request, response) => json(response, 200, { hello: 'world' }));
    const run = await runCli(['events', 'ls', '--url', api.url]);
    expect(run).toMatchObject({ exitCode: 1, out: '' });
    expect(run.err).toMatch(/^pockethook: something went wrong here: .+\n$/);
  });

  it('names code, correlation id and fields of a problem', async () => {
    api = await startAnswerer((_request, response) =>
      json(response, 400, {
        detail: 'No.',
        code: 'validation_failed',
        correlation_id: 'c-9',
        errors: [{ field: 'query/limit', message: 'must be 1\u001b' }],
      }),
    );
    const { err } = await runCli(['events', 'ls', '--url', api.url]);
    expect(err).toBe('pockethook: No.\n  --limit must be 1\\u001b\n  code validation_failed, correlation id c-9\n');
  });
});

describe('lists', () => {
  it('reads as many pages as the limit needs, and says how to go on', async () => {
    const event = {
      id: 'e',
      source: 's',
      trigger: '',
      type: '',
      decisions: [],
      duplicates: 0,
      received_at: '2026-01-31T12:00:00Z',
    };
    api = await startAnswerer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://a');
      if (answeredNames(request, response, { s: 'generic' })) return;
      const data = Array.from({ length: Number(searchParams.get('limit')) }, () => event);
      json(response, 200, { data, next_cursor: 'more' });
    });
    const run = await runCli(['events', 'ls', '--limit', '250', '--url', api.url]);
    expect(run.out.trimEnd().split('\n')).toHaveLength(251);
    expect(run.err).toBe('There are more: add --cursor more\n');
    expect(api.requests).toEqual([
      'GET /api/v1/events?limit=200',
      'GET /api/v1/events?cursor=more&limit=50',
      'GET /api/v1/names?ids=s',
    ]);
  });

  it('refuses a name that several have, with their ids', async () => {
    const data = [
      { id: 'a1', name: 'hook' },
      { id: 'b2', name: 'hook' },
    ];
    api = await startAnswerer((_request, response) => json(response, 200, { data, next_cursor: null }));
    const run = await runCli(['deliveries', 'ls', '--destination', 'hook', '--url', api.url]);
    expect(run).toMatchObject({ exitCode: 2, out: '' });
    expect(run.err).toContain('a1, b2');
  });
});

describe('doctor', () => {
  it('repeats what the API says is missing, and what to do', async () => {
    api = await startAnswerer((request, response) =>
      request.url === '/readyz'
        ? json(response, 503, { status: 'not ready', checks: { store: 'PocketBase does not answer', dispatch: 'ok' } })
        : problem(response, 503, 'store_unavailable', 'Nothing was stored.'),
    );
    const run = await runCli(['doctor', '--url', api.url]);
    expect(run.exitCode).toBe(1);
    expect(run.out).toMatch(/✗ store: PocketBase does not answer\n {2}See the log of the PocketBase service/);
    expect(run.out).toContain('✓ dispatch: ready');
    expect(run.out).toContain('✗ credentials: Nothing was stored.');
  });

  it('finds clocks that are apart', async () => {
    api = await startAnswerer((_request, response) => json(response, 200, { checks: {}, data: [], next_cursor: null }));
    const run = await runCli(['doctor', '--url', api.url], { now: Date.now() + 600_000 });
    expect(run.out).toMatch(/✗ clock: the API's is (?:599|600|601) s behind this machine's/);
  });

  it('says where the login of a local start is kept, and when it can not be read', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pockethook-doctor-'));
    const file = join(dataDir, 'credentials.json');
    const doctor = async () =>
      (await runCli(['doctor', '--url', 'http://127.0.0.1:1'], { env: { DATA_DIR: dataDir } })).out;
    expect(await doctor()).not.toContain('login');
    writeFileSync(file, '{"email":"a@b.c","password":"hunter22","encryptionKeys":"k"}');
    expect(await doctor()).toContain(`✓ login: kept in ${file}`);
    writeFileSync(file, '{"email":"a@b.c","password":"hunter22"');
    expect(await doctor()).toContain(`✗ login: ${file} can't be read`);
    expect(await doctor()).not.toContain('hunter22');
    rmSync(dataDir, { recursive: true });
  });

  it('is JSON when asked, also when nothing answers', async () => {
    const run = await runCli(['doctor', '--json', '--url', 'http://127.0.0.1:1']);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ ok: false, checks: [{ name: 'api', ok: false }] });
  });
});
