import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '../../../api/src/store/pocketbase/client.ts';
import { createHistory } from '../../../api/src/store/pocketbase/history.ts';
import { createLeanFetch } from '../../../api/src/store/pocketbase/lean-fetch.ts';

test('a delivery that is settled while it is read comes with the attempt that settled it', async () => {
  let settled = false;
  const server = createServer(async (request, response) => {
    const isAttempts = request.url?.includes('/attempts/');
    const items = isAttempts ? [{ number: 1 }, { number: 2 }].slice(0, settled ? 2 : 1) : [{ state: 'delivered' }];
    // The row is answered late: by then whatever was asked beside it has been answered.
    if (!isAttempts) for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    settled ||= !isAttempts;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pb = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, createLeanFetch());
  const history = createHistory({ pb, search: undefined as never });
  const { state, attempts } = await history.getDelivery('delivery0000001', undefined);
  expect([state, attempts]).toEqual(['delivered', [{ number: 1 }, { number: 2 }]]);
  server.closeAllConnections();
  server.close();
});
