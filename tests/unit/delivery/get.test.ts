import { createGet } from '../../../api/src/delivery/get.ts';
import { createGuard } from '../../../api/src/delivery/guard.ts';
import { createTransport } from '../../../api/src/delivery/transport/transport.ts';
import { startRawServer } from './support.ts';

const open = { allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true };

async function getFrom(answer: string, guarded = {}) {
  let asked = '';
  const server = await startRawServer(async (socket, head) => {
    asked = String(head);
    socket.end(answer);
  });
  const transport = createTransport(createGuard({ ...open, ...guarded }));
  const got = await createGet({ transport, userAgent: 'Pockethook/1' })(`${server.url}?a=1`);
  transport.close();
  await server.close();
  return { got, asked };
}

test('a GET has no body, and its answer is what came', async () => {
  const { got, asked } = await getFrom('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  expect(got).toMatchObject({ status: 200, body: 'ok' });
  expect(asked).toMatch(/^GET \/\S*\?a=1 HTTP\/1\.1\r\n/);
  expect(asked).toMatch(/user-agent: Pockethook\/1\r\n/);
  expect(asked).not.toMatch(/content-length|transfer-encoding/i);
});

test('what the guard forbids is not asked', async () => {
  const { got, asked } = await getFrom('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', { allowedNetworks: [] });
  expect(got).toEqual({ failure: expect.stringContaining('not a public address') });
  expect(asked).toBe('');
});
