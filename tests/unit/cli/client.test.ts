import { createClient } from '../../../api/src/cli/client.ts';
import { json, problem, startAnswerer } from './support.ts';

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
  const client = createClient({ url: api.url, authenticate });

  await expect(Promise.all([client.get('/a'), client.get('/b')])).resolves.toEqual([
    { token: 'token1' },
    { token: 'token1' },
  ]);
  valid.clear();
  await expect(client.get('/c')).resolves.toEqual({ token: 'token2' });
  expect(sessions).toBe(2);
  await api.close();
});
