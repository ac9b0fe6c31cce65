import { type ApiClientDeps, createApiClient } from '../../../api/client/client.ts';
import { logIn } from '../../../api/client/session.ts';

const problem = (status: number, code: string) =>
  Response.json({ title: 'x', status, detail: 'd', code, correlation_id: 'c' }, { status });

/** A client without a network: `answer` is what the other end makes of each request. */
function clientOf(
  answer: (request: Request, body: string) => Response | Promise<Response>,
  deps: Partial<ApiClientDeps> = {},
) {
  const requests: string[] = [];
  const client = createApiClient({
    url: 'http://api.example',
    send: async (request) => {
      const { pathname, search } = new URL(request.url);
      requests.push(`${request.method} ${pathname}${search}`);
      return answer(request, await request.clone().text());
    },
    openSession: async () => 'token',
    toError: ({ status, problem }) => new Error(`${status} ${problem?.code ?? 'no problem'}`),
    randomId: () => 'an id',
    sleep: async () => undefined,
    mayHaveArrived: () => false,
    ...deps,
  });
  return { client, requests };
}

it('sends path, query and body as the contract names them', async () => {
  const seen: unknown[] = [];
  const { client, requests } = clientOf(async ({ headers }, body) => {
    seen.push([headers.get('authorization'), headers.get('idempotency-key'), headers.get('content-type'), body]);
    return Response.json({});
  });
  await client.patch('/api/v1/sources/{id}', { params: { path: { id: 'a/b?' } }, body: { enabled: false } });
  await client.list('/api/v1/events', { type: 'a&b', source: undefined }, 0).catch(() => undefined);
  expect(requests).toEqual(['PATCH /api/v1/sources/a%2Fb%3F', 'GET /api/v1/events?type=a%26b&limit=0']);
  expect(seen).toEqual([
    ['Bearer token', 'an id', 'application/json', '{"enabled":false}'],
    ['Bearer token', null, null, ''],
  ]);
});

it('reads as many pages as it takes', async () => {
  const { client, requests } = clientOf((request) => {
    const query = new URL(request.url).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const data = Array.from({ length: Number(query.get('limit')) }, (_, i) => ({ id: String(from + i), name: 'n' }));
    return Response.json({ data, next_cursor: String(from + data.length) });
  });
  const page = await client.list('/api/v1/accounts', {}, 450);
  expect(page.data.map(({ id }) => id)).toEqual(Array.from({ length: 450 }, (_, i) => String(i)));
  expect(page.next_cursor).toBe('450');
  expect(requests.map((line) => line.split('?')[1])).toEqual([
    'limit=200',
    'cursor=200&limit=200',
    'cursor=400&limit=50',
  ]);
});

it.each<[string, () => Response, string]>([
  ['a problem', () => problem(409, 'conflict'), '409 conflict'],
  ['JSON that is no problem', () => Response.json({ message: 'no' }, { status: 500 }), '500 no problem'],
  ['a page of somebody else', () => new Response('<html>'), '200 no problem'],
  ['nothing', () => new Response('', { headers: { 'content-length': '0' } }), '200 no problem'],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: '/elsewhere' } }), '302 no problem'],
])('rejects when the answer is %s', async (_what, answer, message) => {
  await expect(clientOf(answer).client.get('/api/v1/sources')).rejects.toThrow(message);
});

it('resolves with nothing for an answer without a body', async () => {
  const { client } = clientOf(() => new Response(null, { status: 204 }));
  await expect(client.delete('/api/v1/sources/{id}', { params: { path: { id: 'x' } } })).resolves.toBeUndefined();
});

describe('a session', () => {
  it('that ran out is opened once, however many requests meet that', async () => {
    let opened = 0;
    const { client } = clientOf(
      ({ headers }) =>
        headers.get('authorization') === 'Bearer token1' ? problem(401, 'unauthenticated') : Response.json({}),
      { openSession: async () => `token${++opened}` },
    );
    await client.get('/api/v1/sources').catch(() => undefined);
    await Promise.all(Array.from({ length: 5 }, () => client.get('/api/v1/sources')));
    expect(opened).toBe(2);
  });

  it('that is refused is the answer of each request, and asked for anew by the next', async () => {
    let opened = 0;
    const { client, requests } = clientOf(() => Response.json({ ok: true }), {
      openSession: async () => (++opened === 1 ? problem(401, 'invalid_credentials') : 'token'),
    });
    const refused = await Promise.allSettled([client.get('/api/v1/sources'), client.get('/api/v1/mappings')]);
    expect(refused.map((one) => (one.status === 'rejected' ? one.reason.message : one.status))).toEqual([
      '401 invalid_credentials',
      '401 invalid_credentials',
    ]);
    expect(requests).toEqual([]);
    await expect(client.get('/api/v1/sources')).resolves.toEqual({ ok: true });
  });

  it.each<[string, () => Response, string | RegExp]>([
    ['a token', () => Response.json({ token: 't' }), 'Bearer t'],
    ['a refusal', () => problem(401, 'invalid_credentials'), /401 invalid_credentials/],
    ['JSON without a token', () => Response.json({}), /200 no problem/],
    ['JSON that is no object', () => Response.json(null), /200 no problem/],
    ['no JSON', () => new Response('<html>'), /200 no problem/],
  ])('logging in that is answered with %s', async (_what, answer, expected) => {
    const credentials = { email: 'a@b.c', password: 'p' };
    const { client } = clientOf(({ headers }) => Response.json(headers.get('authorization')), {
      openSession: () => logIn('http://api.example', async () => answer(), credentials),
    });
    const asked = client.get('/api/v1/sources');
    await (typeof expected === 'string'
      ? expect(asked).resolves.toBe(expected)
      : expect(asked).rejects.toThrow(expected));
  });
});
