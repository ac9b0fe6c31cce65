import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createServiceClient,
  describeOutage,
  toOutage,
  toServiceOutage,
} from '../../../api/src/store/pocketbase/client.ts';
import { createLeanFetch } from '../../../api/src/store/pocketbase/lean-fetch.ts';
import { collectingLogger } from '../../support/logger.ts';

/** A store that answers what it is told. */
async function startStore() {
  const store = { status: 200, body: {} as object, credentials: [] as unknown[] };
  const server = createServer((request, response) => {
    store.credentials.push(request.headers.authorization);
    response.writeHead(store.status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(store.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { logger, lines } = collectingLogger();
  const client = createServiceClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetch: createLeanFetch(),
    encryptionKeys: Buffer.alloc(32, 7).toString('base64'),
    logger,
  });
  const ask = () => client.send('/api/anything', {}).then(undefined, (fault: unknown) => fault);
  return { store, lines, ask, close: () => new Promise((resolve) => server.close(resolve)) };
}

let service: Awaited<ReturnType<typeof startStore>>;
beforeEach(async () => {
  service = await startStore();
});
afterEach(() => service.close());

test.each([
  [429, 'too_many_requests', 10, 'PocketBase is asked for too much at once'],
  [500, 'store_unavailable', 5, 'PocketBase does not answer'],
  [503, 'store_unavailable', 5, 'PocketBase does not answer'],
  [401, 'store_unavailable', 5, expect.stringMatching(/does not accept this service: ENCRYPTION_KEYS/)],
])('a %d of the store is %s, to come again after %d s', async (status, code, retryAfter, readiness) => {
  Object.assign(service.store, { status });
  const outage = toServiceOutage(await service.ask());
  expect(outage).toMatchObject({ code, retryAfter });
  expect(describeOutage(outage)).toEqual(readiness);
});

test('what is about the request, or about a person, is no outage', async () => {
  for (const [status, body] of [
    [400, {}],
    [403, {}],
    [404, {}],
    [401, { mfaId: 'x' }],
  ] as const) {
    Object.assign(service.store, { status, body });
    expect(toServiceOutage(await service.ask())).toBeUndefined();
  }
  Object.assign(service.store, { status: 401, body: {} });
  expect(toOutage(await service.ask())).toBeUndefined();
});

test('that it is not accepted is told once, and that it is again', async () => {
  const statuses = [200, 401, 401, 503, 401, 404, 200, 200, 401];
  for (const status of statuses) {
    Object.assign(service.store, { status });
    await service.ask();
  }
  expect(service.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'error: PocketBase does not accept this service',
    'info: PocketBase accepts this service again',
    'error: PocketBase does not accept this service',
  ]);
  // Each request proves itself: there is no login in between.
  expect(service.store.credentials).toEqual(statuses.map(() => expect.stringMatching(/^Pockethook-Service \w{64}$/)));
});
