import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('upkeep', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  it('secrets are encrypted anew, and who asked is audited', async () => {
    const body = { name: 'signed', type: 'http', url: 'https://example.com/hook' };
    await services.call('POST', '/api/v1/destinations', { token: services.operator, body });
    const answer = await services.call('POST', '/api/v1/secrets/rotate', { token: services.operator });
    expect(answer.body).toEqual({
      key: expect.stringMatching(/^[0-9a-f]{8}$/),
      rotated: 0,
      current: 1,
      unreadable: [],
      old_keys_needed: false,
    });
    const [audit] = await services.pb.collection('audit').getFullList({ filter: 'action = "secrets.rotate"' });
    expect(audit?.actor).toBe(`operator:${services.pocketbase.email}`);
  });

  it('migrations that are applied are told, none is pending', async () => {
    const { body } = await services.call('GET', '/api/v1/migrations', { token: services.operator });
    expect(body.applied).toContain('1795431613_audit.js');
    expect(body.pending).toEqual([]);
  });

  it('is for operators, keys of theirs included', async () => {
    const { token } = await services.user('admin');
    const key = (role: string, by: string) =>
      services.call('POST', '/api/v1/api-keys', { token: by, body: { name: 'x', role } });
    const admin = (await key('admin', token)).body.key;
    const operator = (await key('operator', services.operator)).body.key;
    for (const [method, path] of [
      ['POST', '/api/v1/secrets/rotate'],
      ['GET', '/api/v1/migrations'],
    ] as const) {
      expect((await services.call(method, path)).body.code).toBe('unauthenticated');
      for (const refused of [token, admin]) {
        expect((await services.call(method, path, { token: refused })).body.code).toBe('forbidden');
      }
      expect((await services.call(method, path, { token: operator })).status).toBe(200);
    }
  });
});
