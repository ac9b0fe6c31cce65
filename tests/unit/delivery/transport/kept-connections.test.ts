import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { createGuard } from '../../../../api/src/delivery/guard.ts';
import { MAX_IDLE } from '../../../../api/src/delivery/transport/connections.ts';
import { createTransport, type Sent, type Transport } from '../../../../api/src/delivery/transport/transport.ts';
import { startSink } from '../../../support/sink.ts';

const OK = 'HTTP/1.1 204 No Content\r\n\r\n';
const BODY = 'a body that may be sent again';
const signal = new AbortController().signal;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function aTransport(): Transport {
  const transport = createTransport(
    createGuard({
      allowedNetworks: ['127.0.0.0/8'],
      allowedPorts: ['1-65535'],
      allowHttp: true,
      resolve: (_host, _options, callback) => setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]),
    }),
  );
  closers.push(() => transport.close());
  return transport;
}

const post = (transport: Transport, url: string, timeoutMs = 5_000): Promise<Sent> =>
  transport.send(
    { url, headers: { 'content-length': String(BODY.length) }, body: Buffer.from(BODY), timeoutMs },
    signal,
  );

/** What the n-th request of a connection meets. */
type Meets = (socket: net.Socket, nth: number) => void;

/** Counts whole requests by connection: `[2, 1]` is two on the first and one on the second. */
async function aServer(meets: Meets) {
  const requests: number[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const connection = requests.push(0) - 1;
    let received = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      if (!received.endsWith(BODY)) return;
      received = '';
      requests[connection] = Number(requests[connection]) + 1;
      meets(socket, Number(requests[connection]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const reset = (socket: net.Socket) => socket.resetAndDestroy();
const close = (socket: net.Socket) => socket.end();
const firstOnly =
  (after: Meets): Meets =>
  (socket, nth) =>
    nth === 1 ? socket.write(OK) : after(socket, nth);

const statusOf = (sent: Sent) => (sent.kind === 'aborted' ? sent.kind : sent.answer?.status);

describe('a kept connection that is closed when the next request comes', () => {
  it.each([
    ['reset', reset],
    ['closed', close],
  ])('costs nothing when it is %s: the request goes over a new one', async (_, after) => {
    const { url, requests } = await aServer(firstOnly(after));
    const transport = aTransport();
    await post(transport, url);
    expect(await post(transport, url)).toMatchObject({ kind: 'answered', answer: { status: 204 } });
    expect(requests).toEqual([2, 1]);
  });

  it('never sends it over another kept one', async () => {
    const { url, requests } = await aServer(firstOnly(reset));
    const transport = aTransport();
    const several = await Promise.all([1, 2, 3].map(() => post(transport, url)));
    expect(several.map(statusOf)).toEqual([204, 204, 204]);
    expect(await post(transport, url)).toMatchObject({ kind: 'answered' });
    expect(requests.toSorted()).toEqual([1, 1, 1, 2]);
  });

  it('or just before costs nothing either', async () => {
    const { url } = await aServer((socket) => socket.end(OK));
    const transport = aTransport();
    for (let i = 0; i < 20; i++) expect(statusOf(await post(transport, url))).toBe(204);
  });
});

describe('a request is not sent again', () => {
  it('when the connection was new', async () => {
    const { url, requests } = await aServer(reset);
    expect(await post(aTransport(), url)).toMatchObject({ failure: { code: 'ECONNRESET' }, answer: undefined });
    expect(requests).toEqual([1]);
  });

  it('when the new one is closed as well', async () => {
    const { url, requests } = await aServer((socket, nth) =>
      nth === 1 && requests.length === 1 ? socket.write(OK) : reset(socket),
    );
    const transport = aTransport();
    await post(transport, url);
    expect(await post(transport, url)).toMatchObject({ failure: { code: 'ECONNRESET' }, answer: undefined });
    expect(requests).toEqual([2, 1]);
  });

  it.each([
    ['a byte of an answer', 'H', undefined],
    ['an interim answer', 'HTTP/1.1 103 Early Hints\r\n\r\n', undefined],
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n', undefined],
    ['a status', 'HTTP/1.1 500 Sorry\r\n', 500],
    ['half a body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', 200],
  ])('after %s', async (_, bytes, status) => {
    const { url, requests } = await aServer(firstOnly((socket) => socket.write(bytes, () => socket.end())));
    const transport = aTransport();
    await post(transport, url);
    expect(statusOf(await post(transport, url))).toBe(status);
    expect(requests).toEqual([2]);
  });

  it('when the answer takes too long', async () => {
    const { url, requests } = await aServer(firstOnly(() => {}));
    const transport = aTransport();
    await post(transport, url);
    expect(await post(transport, url, 60)).toMatchObject({ failure: { code: 'ERR_TIMEOUT' } });
    expect(requests).toEqual([2]);
  });
});

describe('kept connections', () => {
  it('are as many as there were requests at a time, and are used before new ones are made', async () => {
    const sink = await startSink();
    closers.push(() => sink.close());
    const transport = aTransport();
    for (let round = 0; round < 3; round++) await Promise.all([1, 2, 3, 4].map(() => post(transport, sink.url)));
    expect(new Set(sink.requests.map(({ port }) => port)).size).toBe(4);
  });

  it('are bounded over all destinations: the oldest are closed', async () => {
    const { url, requests } = await aServer((socket) => socket.write(OK));
    const { port } = new URL(url);
    const transport = aTransport();
    const origins = Array.from({ length: MAX_IDLE + 20 }, (_, i) => `http://host-${i}.example:${port}/`);
    for (const origin of origins) expect(statusOf(await post(transport, origin))).toBe(204);
    // The newest is still open, the oldest is not.
    await post(transport, String(origins.at(-1)));
    await post(transport, String(origins[0]));
    expect(requests).toEqual([...Array(MAX_IDLE + 19).fill(1), 2, 1]);
  });

  it('are closed with the transport, those in use when their request ends', async () => {
    const waiting: net.Socket[] = [];
    const { url } = await aServer((socket, nth) => (nth === 1 ? socket.write(OK) : waiting.push(socket)));
    const transport = aTransport();
    await post(transport, url);
    const last = post(transport, url);
    while (waiting.length === 0) await new Promise(setImmediate);
    transport.close();
    const [socket] = waiting;
    socket?.write(OK);
    expect(statusOf(await last)).toBe(204);
    if (socket && !socket.closed) await once(socket, 'close');
    expect(socket?.destroyed).toBe(true);
  });

  it('are closed before the time at which most servers close them, whatever a server offers', async () => {
    const offer = 'HTTP/1.1 204 No Content\r\nkeep-alive: timeout=600\r\n\r\n';
    const sockets: net.Socket[] = [];
    const { url } = await aServer((socket) => sockets.push(socket) && socket.write(offer));
    await post(aTransport(), url);
    await once(sockets[0] as net.Socket, 'close');
  });
});
