import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { createClient } from '../../../api/src/store/pocketbase/client.ts';
import { loadConfiguration } from '../../../api/src/store/pocketbase/configuration.ts';
import { createLeanFetch } from '../../../api/src/store/pocketbase/lean-fetch.ts';

/** Longer than a producer's request may wait for the store. */
const SLOW_MS = 4_500;

test('all configuration of a large installation may take longer to read than others wait for the store', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    const answer = { config_version: 7, schema: 's', since: null, records: { sites: [], goals: [], triggers: [] } };
    setTimeout(() => response.end(JSON.stringify({ ...answer, deleted: {} })), SLOW_MS);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pb = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, createLeanFetch());
  const deps = { pb, metrics: createMetrics(), onConfigVersion: () => undefined, decrypt: (text: string) => text };
  const { signal } = new AbortController();
  expect(await loadConfiguration(deps, 'notifications', undefined, signal)).toMatchObject({ version: 7, schema: 's' });
  expect(requests).toBe(1);
  server.closeAllConnections();
  server.close();
});
