import { startWatch } from '../support/own-time.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type CallOptions, type Services, startServices } from './openapi-services.ts';

let services: Services;

const params = { id: 'aaaaaaaaaaaaaaa' };
const CALLS: [method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, options: CallOptions][] = [
  ['POST', '/api/v1/session', { body: { email: 'a@example.com', password: 'x' } }],
  ['GET', '/api/v1/sources', {}],
  ['POST', '/api/v1/sources', { body: { name: 'x' } }],
  ['PATCH', '/api/v1/sources/{id}', { params, body: {} }],
  ['DELETE', '/api/v1/sources/{id}', { params }],
  ['GET', '/api/v1/events', {}],
  ['GET', '/api/v1/events/{id}', { params }],
  ['POST', '/api/v1/events/{id}/replay', { params, body: { mode: 'current' } }],
  ['GET', '/api/v1/deliveries/{id}', { params }],
  ['POST', '/api/v1/deliveries/{id}/retry', { params }],
  ['GET', '/readyz', {}],
];

describeWithServices('while the store is silent', () => {
  let pid: number;
  beforeAll(async () => {
    services = await startServices();
    // The token is known for some seconds after this; who asks is not the question here.
    await services.call('GET', '/api/v1/sources', { token: services.operator });
    pid = services.pocketbase.pid as number;
    process.kill(pid, 'SIGSTOP');
  });
  afterAll(async () => {
    process.kill(pid, 'SIGCONT');
    await services.stop();
  });

  it('what needs no store goes on', async () => {
    expect((await services.call('GET', '/healthz')).status).toBe(200);
    const preview = { body: { body: { a: 1 }, filter: 'body.a == 1' }, token: services.operator };
    expect((await services.call('POST', '/api/v1/mappings/preview', preview)).body.outcome).toBe('delivery');
  });

  it('all else answers 503 within 5 seconds, and when to come again', async () => {
    const stopWatch = startWatch();
    const answers = await Promise.all(
      CALLS.map(([method, path, options]) => services.call(method, path, { token: services.operator, ...options })),
    );
    expect(stopWatch()).toBeLessThan(5_000);
    for (const answer of answers) {
      expect([answer.status, answer.get('retry-after')]).toEqual([503, '5']);
      expect(answer.text).not.toMatch(/ECONN|127\.0\.0\.1|abort/i);
    }
  });
});
