import { describeWithServices } from '../support/services.ts';
import { type Services, startServices } from './openapi-services.ts';

const FAILURES_AT_MOST = 20;

describeWithServices('logins', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  test('failed ones are limited per address; successful ones do not count', async () => {
    const { email, password } = services.pocketbase;
    const logIn = (secret: string) => services.call('POST', '/api/v1/session', { body: { email, password: secret } });
    const wrong = await Promise.all(Array.from({ length: FAILURES_AT_MOST - 1 }, () => logIn('wrong')));
    expect(wrong.map(({ status }) => status)).toEqual(Array(FAILURES_AT_MOST - 1).fill(401));
    expect((await logIn(password)).status).toBe(200);
    expect((await logIn('wrong')).status).toBe(401);
    const refused = await logIn(password);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'too_many_requests', detail: expect.stringContaining('Wait a minute') });
    expect(refused.headers['retry-after']).toBe('60');
  });
});
