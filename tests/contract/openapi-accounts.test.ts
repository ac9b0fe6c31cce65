import { loadContract } from '../../api/src/http/openapi.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { describeWithServices } from '../support/services.ts';
import { type Services, startServices } from './openapi-services.ts';

const ACCOUNTS = '/api/v1/accounts';

const lists = [...loadContract(CONTRACT_FILE).operations.values()].filter(
  ({ parameters, path }) => path !== ACCOUNTS && parameters.some(({ name }) => name === 'cursor'),
);

describeWithServices('accounts', () => {
  let services: Services;
  let mine: Awaited<ReturnType<Services['user']>>;
  let other: Awaited<ReturnType<Services['user']>>;
  beforeAll(async () => {
    services = await startServices();
    mine = await services.user('admin');
    other = await services.user('admin');
  });
  afterAll(() => services?.stop());

  it('operators make and rename accounts', async () => {
    const token = services.operator;
    const create = (name: string) => services.call('POST', ACCOUNTS, { token, body: { name } });
    const rename = (id: string, name: string) =>
      services.call('PATCH', `${ACCOUNTS}/{id}`, { token, params: { id }, body: { name } });
    const { status, body: made } = await create('acme');
    expect([status, made]).toEqual([201, { id: expect.any(String), name: 'acme', updated: expect.any(String) }]);
    expect((await create('acme')).status).toBe(400);
    expect((await rename(made.id, 'acme inc')).body).toMatchObject({ id: made.id, name: 'acme inc' });
    expect((await rename('nosuchaccount00', 'x')).status).toBe(404);
    const { body: all } = await services.call('GET', ACCOUNTS, { token });
    const [standard] = all.data.filter(({ name }: { name: string }) => name === 'default');
    expect((await rename(standard.id, 'other')).body.code).toBe('conflict');
    const { body: audit } = await services.call('GET', '/api/v1/audit', {
      token,
      query: { subject_type: 'account', account: made.id },
    });
    expect(audit.data.map(({ action }: { action: string }) => action)).toEqual(['account.update', 'account.create']);
  });

  describe('an account is chosen for a list', () => {
    it.each(lists.map(({ id, path }) => [id, path]))('%s', async (_id, path) => {
      const list = (token: string, account?: string) =>
        services.call('GET', path, { token, query: account === undefined ? {} : { account } });
      for (const account of [mine.account, other.account]) {
        const { status, body } = await list(services.operator, account);
        expect(status).toBe(200);
        for (const row of body.data) if ('account' in row) expect(row.account).toBe(account);
      }
      expect((await list(mine.token, mine.account)).status).toBe(200);
      for (const foreign of [other.account, 'nosuchaccount00']) {
        expect((await list(mine.token, foreign)).body.code).toBe('forbidden');
      }
      expect((await list(services.operator, 'no id')).status).toBe(400);
    });

    it('shows what is there', async () => {
      const names = async (account: string) => {
        const { body } = await services.call('GET', '/api/v1/sources', {
          token: services.operator,
          query: { account },
        });
        return body.data.map(({ name }: { name: string }) => name);
      };
      const source = (name: string, token: string) =>
        services.call('POST', '/api/v1/sources', { token, body: { name, verification: 'none' } });
      await source('ours', mine.token);
      await source('theirs', other.token);
      expect([await names(mine.account), await names(other.account)]).toEqual([['ours'], ['theirs']]);
    });
  });
});
