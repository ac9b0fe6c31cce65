import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';
import { aDeliveryTo, anEventOf } from './queue.fixture.ts';

const RETRY = '/api/v1/deliveries/retry';
const CANCEL = '/api/v1/deliveries/cancel';

describeWithServices('many deliveries at once', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  /** A paused destination of an account, for which so many deliveries are held. */
  async function held(count: number, account?: string) {
    const owner = account === undefined ? {} : { account };
    const create = async (kind: string, body: object) =>
      (await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body: { ...owner, ...body } })).body;
    const source = await create('sources', { name: `s-${crypto.randomUUID()}` });
    const destination = await create('destinations', { name: crypto.randomUUID(), type: 'inbox', enabled: false });
    const event = anEventOf({ account: source.account, source: source.id });
    const deliveries = Array.from({ length: count }, () => aDeliveryTo(destination.id));
    const item = { event: { ...event, received_at: event.received_at.replace('T', ' ') }, deliveries };
    await services.pb.send('/api/pockethook/accept', {
      method: 'POST',
      body: { owner: 'test', lease_ms: 60_000, items: [item] },
    });
    return destination.id as string;
  }

  const ask = (path: string, body: object, token = services.operator, headers = {}) =>
    services.call('POST', path, { token, body, headers });
  const stateOf = async (destination: string, state: string) =>
    (await services.call('GET', '/api/v1/deliveries', { token: services.operator, query: { destination, state } })).body
      .data.length;

  it('cancels and retries page by page, after a dry run that changes nothing', async () => {
    const destination = await held(3);
    const all = (outcome: string, deliveries = 3) => [{ destination, outcome, deliveries }];
    const dry = await ask(CANCEL, { state: 'held', destination, dry_run: true });
    expect([dry.status, dry.body]).toEqual([200, { outcomes: all('cancelled'), next_cursor: null }]);
    expect(await stateOf(destination, 'held')).toBe(3);

    const first = await ask(CANCEL, { state: 'held', destination, limit: 2 });
    expect([first.status, first.body.outcomes]).toEqual([202, all('cancelled', 2)]);
    const second = await ask(CANCEL, { state: 'held', destination, limit: 2, cursor: first.body.next_cursor });
    expect(second.body).toEqual({ outcomes: all('cancelled', 1), next_cursor: null });
    const retried = await ask(RETRY, { state: 'cancelled', destination, rate: 5 });
    expect(retried.body.outcomes).toEqual(all('held'));
    expect(await stateOf(destination, 'held')).toBe(3);

    const query = { action: 'delivery.cancel_many' };
    const { body } = await services.call('GET', '/api/v1/audit', { token: services.operator, query });
    expect(body.data.slice(0, 2)).toMatchObject([
      { subject_type: 'deliveries', detail: { outcomes: all('cancelled', 1), selection: { destination } } },
      { subject_type: 'deliveries', detail: { outcomes: all('cancelled', 2) } },
    ]);
  });

  it('the same request with the same key is done once', async () => {
    const destination = await held(2);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await ask(CANCEL, { state: 'held', destination }, services.operator, headers);
    const again = await ask(CANCEL, { state: 'held', destination }, services.operator, headers);
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true']);
    expect(first.body.outcomes[0].deliveries).toBe(2);
  });

  it('admins reach those of their account, viewers none', async () => {
    const admin = await services.user('admin');
    const viewer = await services.user('viewer', admin.account);
    const theirs = await held(1, admin.account);
    const others = await held(1);
    const body = { state: 'held', dry_run: true };
    const { outcomes } = (await ask(CANCEL, body, admin.token)).body;
    expect(outcomes).toEqual([{ destination: theirs, outcome: 'cancelled', deliveries: 1 }]);
    expect((await ask(CANCEL, { ...body, destination: others }, admin.token)).body.outcomes).toEqual([]);
    expect((await ask(CANCEL, body, viewer.token)).status).toBe(403);
    expect((await ask(RETRY, { state: 'dead' }, viewer.token)).status).toBe(403);
  });

  it.each([
    [RETRY, {}, '/state'],
    [RETRY, { state: 'delivered' }, '/state'],
    [CANCEL, { state: 'dead' }, '/state'],
    [CANCEL, { state: 'held', rate: 5 }, '/rate'],
    [RETRY, { state: 'dead', rate: 1001 }, '/rate'],
    [RETRY, { state: 'dead', limit: 501 }, '/limit'],
    [RETRY, { state: 'dead', from: 'yesterday' }, '/from'],
    [RETRY, { state: 'dead', cursor: 'bm90IG9uZQ' }, '/cursor'],
    [RETRY, { state: 'dead', source: 'x' }, '/source'],
  ])('%s %j is refused at %s', async (path, body, field) => {
    const answer = await ask(path, body);
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([400, field]);
  });
});
