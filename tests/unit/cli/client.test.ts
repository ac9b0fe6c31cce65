import type { ServerResponse } from 'node:http';
import { createClient } from '../../../api/src/cli/api/client.ts';
import { createWording } from '../../../api/src/cli/api/wording.ts';
import { json, problem, startAnswerer } from './support.ts';

const wording = createWording({ program: 'pockethook', flags: [], args: [] });

it('logs in once, and anew when the session has run out', async () => {
  const valid = new Set<string>();
  let sessions = 0;
  const api = await startAnswerer((request, response) => {
    if (request.url === '/api/v1/session') {
      const token = `token${++sessions}`;
      valid.add(token);
      return json(response, 200, { token, account: null, role: 'operator' });
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (valid.has(token)) return json(response, 200, { token });
    problem(response, 401, 'unauthenticated', 'Log in.');
  });
  const authenticate = () => ({ kind: 'password', email: 'a@b.c', password: 'p', from: 'a file' }) as const;
  const client = createClient({ url: api.url, authenticate, command: 'ls', wording, sleep: async () => undefined });

  await expect(Promise.all([client.get('/api/v1/migrations'), client.get('/api/v1/sources')])).resolves.toEqual([
    { token: 'token1' },
    { token: 'token1' },
  ]);
  valid.clear();
  await expect(client.get('/api/v1/mappings')).resolves.toEqual({ token: 'token2' });
  expect(sessions).toBe(2);
  await api.close();
});

describe('a change', () => {
  const authenticate = () => ({ kind: 'token', token: 't', from: 'a variable' }) as const;
  /** Answers with each of these in turn, and then with 201; what it was sent. */
  async function ask(answers: ((response: ServerResponse) => void)[], way: 'post' | 'get' = 'post') {
    const seen: { key: unknown; agent: unknown }[] = [];
    const api = await startAnswerer(({ headers }, response) => {
      seen.push({ key: headers['idempotency-key'], agent: headers['user-agent'] });
      const answer = answers.shift() ?? ((last) => json(last, 201, { id: 'made' }));
      answer(response);
    });
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => {
      waits.push(milliseconds);
    };
    const client = createClient({ url: api.url, authenticate, command: 'apply', wording, sleep });
    const result = await (way === 'get' ? client.get('/api/v1/sources') : client.post('/api/v1/secrets/rotate')).catch(
      (fault) => fault,
    );
    await api.close();
    return { result, seen, waits };
  }
  const away = (response: ServerResponse) => {
    response.setHeader('retry-after', '5');
    problem(response, 503, 'store_unavailable', 'Later.');
  };
  const broken = (response: ServerResponse) => response.destroy();

  it('whose outcome is unknown is sent again with the same key, after Retry-After', async () => {
    const { result, seen, waits } = await ask([away, broken]);
    expect(result).toEqual({ id: 'made' });
    expect(waits).toEqual([5_000, 1_000]);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    expect(seen).toHaveLength(3);
    expect(seen[0]).toEqual({ key: expect.stringMatching(/^[0-9a-f-]{36}$/), agent: 'pockethook-cli (apply)' });
  });

  it('is given up after three repetitions', async () => {
    const { result, seen } = await ask(Array(9).fill(away));
    expect(result).toMatchObject({ exitCode: 69, message: expect.stringContaining('Later.') });
    expect(seen).toHaveLength(4);
  });

  it('that was refused is not sent again', async () => {
    const refused = (response: ServerResponse) => problem(response, 409, 'conflict', 'No.');
    expect((await ask([refused])).seen).toHaveLength(1);
  });

  describe('of nothing, a read,', () => {
    const forLong = (response: ServerResponse) => {
      response.setHeader('retry-after', '60');
      problem(response, 503, 'statistics_unavailable', 'Much later.');
    };
    const gateway = (response: ServerResponse) => response.writeHead(502).end('<html>');

    it('is sent again a little later, and has no key', async () => {
      const { result, seen, waits } = await ask([away, broken, gateway], 'get');
      expect(result).toEqual({ id: 'made' });
      expect(waits).toEqual([500, 1_000, 2_000]);
      expect(seen.map(({ key }) => key)).toEqual(Array(4).fill(undefined));
    });

    it('is given up after three repetitions', async () => {
      const { result, seen } = await ask(Array(9).fill(away), 'get');
      expect(result).toMatchObject({ exitCode: 69, message: expect.stringContaining('Later.') });
      expect(seen).toHaveLength(4);
    });

    it('is not sent again where that is of no use', async () => {
      const refused = (response: ServerResponse) => problem(response, 409, 'conflict', 'No.');
      for (const answer of [refused, forLong]) expect((await ask([answer], 'get')).seen).toHaveLength(1);
    });
  });

  it('to where nobody listens fails at once', async () => {
    const api = await startAnswerer(() => undefined);
    await api.close();
    const sleep = () => Promise.reject(new Error('waited'));
    const client = createClient({ url: api.url, authenticate, command: 'ls', wording, sleep });
    await expect(client.post('/api/v1/secrets/rotate')).rejects.toMatchObject({ exitCode: 69 });
  });
});
