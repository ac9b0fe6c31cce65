import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { createGuard, type ResolveAll } from '../../../../api/src/delivery/guard.ts';
import { createConnect } from '../../../../api/src/delivery/transport/connect.ts';
import { createTransport } from '../../../../api/src/delivery/transport/transport.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../../../support/certificate.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening<T extends net.Server>(server: T): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that remembers what it was asked for, and leads all of it to one port of loopback. */
async function startProxy(leadsTo: number, status = '200 OK') {
  const asked: { target: string; login: string | undefined }[] = [];
  const proxy = http.createServer().on('connect', ({ url, headers }, client: Socket) => {
    asked.push({ target: String(url), login: headers['proxy-authorization'] });
    client.on('error', () => undefined);
    if (!status.startsWith('200')) return client.end(`HTTP/1.1 ${status}\r\n\r\n`);
    const upstream = net.connect(leadsTo, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    closers.push(() => upstream.destroy());
    return upstream.on('error', () => client.destroy());
  });
  return { asked, port: await listening(proxy) };
}

const PUBLIC = '93.184.216.34';

async function send(url: string, proxyPort: number, addresses: string[] = [PUBLIC]) {
  const resolve: ResolveAll = (_host, _options, callback) =>
    setImmediate(
      callback,
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    );
  const guard = createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true, resolve });
  const proxy = `http://user:p%40ss@127.0.0.1:${proxyPort}`;
  const transport = createTransport(guard, createConnect(guard, { ca: TLS_CERTIFICATE, proxy }));
  closers.push(() => transport.close());
  const request = { url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000 };
  return transport.send(request, new AbortController().signal);
}

const answering = (text: string) => (_: http.IncomingMessage, response: http.ServerResponse) => void response.end(text);

test('TLS is with the destination, through a tunnel to the address that was checked', async () => {
  const port = await listening(https.createServer({ key: TLS_KEY, cert: TLS_CERTIFICATE }, answering('tls')));
  const proxy = await startProxy(port);
  expect(await send('https://localhost.example/', proxy.port)).toMatchObject({
    kind: 'failed',
    failure: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  expect(await send(`https://localhost:${port}/`, proxy.port)).toMatchObject({
    kind: 'answered',
    answer: { body: 'tls' },
  });
  expect(proxy.asked).toEqual(
    [443, port].map((asked) => ({ target: `${PUBLIC}:${asked}`, login: `Basic ${btoa('user:p@ss')}` })),
  );
});

test('plain HTTP goes through a tunnel as well', async () => {
  const proxy = await startProxy(await listening(http.createServer(answering('plain'))));
  expect(await send('http://hooks.example.com/a?b=1', proxy.port)).toMatchObject({ answer: { body: 'plain' } });
  expect(proxy.asked).toMatchObject([{ target: `${PUBLIC}:80` }]);
});

test.each([
  ['a name with a private address', 'https://inside.example.com/', ['10.0.0.7'], 'ERR_NO_PUBLIC_ADDRESS'],
  [
    'one bad address among good ones',
    'https://mixed.example.com/',
    [PUBLIC, '169.254.169.254'],
    'ERR_NO_PUBLIC_ADDRESS',
  ],
  ['a private address', 'https://10.0.0.7/', [], 'ERR_BLOCKED_ADDRESS'],
  ['a name without an address', 'https://none.example.com/', [], 'ERR_NO_PUBLIC_ADDRESS'],
])('%s: the proxy is not asked', async (_what, url, addresses, code) => {
  const proxy = await startProxy(1);
  expect(await send(url, proxy.port, addresses)).toMatchObject({ kind: 'failed', failure: { code } });
  expect(proxy.asked).toEqual([]);
});

test('a private address that is allowed is reached without the proxy', async () => {
  const port = await listening(http.createServer(answering('inside')));
  const proxy = await startProxy(1);
  expect(await send(`http://ci.example.com:${port}/`, proxy.port, ['127.0.0.1'])).toMatchObject({
    answer: { body: 'inside' },
  });
  expect(proxy.asked).toEqual([]);
});

test('a proxy that refuses, or is not there, is said so', async () => {
  const proxy = await startProxy(1, '407 Proxy Authentication Required');
  for (const [port, message] of [
    [proxy.port, 'the proxy answered 407'],
    [1, 'the proxy can not be reached'],
  ] as const)
    expect(await send('https://hooks.example.com/', port)).toMatchObject({ failure: { code: 'ERR_PROXY', message } });
});
