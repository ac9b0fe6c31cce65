import request from 'supertest';
import { loadContract } from '../../api/src/http/openapi.ts';
import { mayDo, ROLES, type Role } from '../../api/src/model/roles.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

const operations = [...loadContract(CONTRACT_FILE).operations.values()].filter(({ path }) =>
  path.startsWith('/api/v1/'),
);
const cases = operations.flatMap((operation) =>
  ROLES.map((role) => [role, operation.method, operation.path, operation.role] as const),
);

let services: Services;
let tokens: Record<Role, string | undefined>;

describeWithServices('roles', () => {
  beforeAll(async () => {
    services = await startServices();
    const { token: admin, account } = await services.user('admin');
    const { token: viewer } = await services.user('viewer', account);
    tokens = { anonymous: undefined, viewer, admin, operator: services.operator };
  });
  afterAll(() => services?.stop());

  it.each(cases)('%s: %s %s takes %s', async (role, method, path, needed) => {
    if (needed === undefined) throw new Error(`${method} ${path} states no x-role`);
    const params = { id: 'nosuchrecord123' };
    // A stream that is opened does not end; one that is refused for its query was not refused for its role.
    const query = path === '/api/v1/stream' ? { topics: 'none' } : {};
    const { status, body } = await services.call(method as 'GET', path, { token: tokens[role], params, query });
    if (mayDo(role, needed)) expect([401, 403]).not.toContain(status);
    else expect(body.code).toBe(role === 'anonymous' ? 'unauthenticated' : 'forbidden');
  });

  it.each([
    ['POST', '/api/v1/SOURCES'],
    ['POST', '/API/v1/sources'],
    ['POST', '/api/v1//sources'],
    ['POST', '/api/v1/%73ources'],
    ['POST', '/api/v1/Secrets/rotate'],
    ['GET', '/api/v1/Audit'],
    ['GET', '/api/v1/MIGRATIONS'],
  ])('a viewer gets nowhere by another spelling: %s %s', async (method, path) => {
    const asked = request(services.url)[method === 'GET' ? 'get' : 'post'](path);
    asked.set('authorization', `Bearer ${tokens.viewer}`);
    const answer = await (method === 'GET' ? asked : asked.send({ name: 'spelled-otherwise' }));
    expect([403, 404]).toContain(answer.status);
    expect(await services.pb.collection('sources').getFullList({ filter: 'name = "spelled-otherwise"' })).toEqual([]);
  });

  it('HEAD takes what GET takes', async () => {
    const head = (token?: string) =>
      request(services.url)
        .head('/api/v1/audit')
        .set(token === undefined ? {} : { authorization: `Bearer ${token}` });
    expect([(await head()).status, (await head(tokens.viewer)).status, (await head(tokens.admin)).status]).toEqual([
      401, 403, 200,
    ]);
  });
});
