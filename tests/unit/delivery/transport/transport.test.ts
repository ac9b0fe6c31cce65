import { spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { createGuard, type GuardOptions, type ResolveAll } from '../../../../api/src/delivery/guard.ts';
import { createConnect } from '../../../../api/src/delivery/transport/connect.ts';
import {
  createTransport,
  type OutgoingRequest,
  type Sent,
  type Transport,
} from '../../../../api/src/delivery/transport/transport.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../../../support/certificate.ts';
import { type Sink, type SinkOptions, startSink } from '../../../support/sink.ts';
import { startRawServer } from '../support.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open<T extends { close(): unknown }>(closable: T): T {
  closers.push(() => closable.close());
  return closable;
}

const aSink = async (options?: SinkOptions): Promise<Sink> => open(await startSink(options));

function aTransport(options: Partial<GuardOptions> = {}): Transport {
  const defaults = {
    allowedNetworks: ['127.0.0.0/8'],
    allowedPorts: ['1-65535'],
    allowHttp: true,
    resolve: loopback(),
  };
  return open(createTransport(createGuard({ ...defaults, ...options })));
}

/** Every name is 127.0.0.1; counts the questions. */
function loopback(address = '127.0.0.1'): ResolveAll & { asked: string[] } {
  const asked: string[] = [];
  const resolve: ResolveAll = (hostname, _options, callback) => {
    asked.push(hostname);
    setImmediate(callback, null, [{ address, family: net.isIP(address) }]);
  };
  return Object.assign(resolve, { asked });
}

const never = new AbortController().signal;

/** For a process of its own: prints what became of a request that trusts everybody, and of one of ours. */
const POST_ONCE = `
  import https from 'node:https';
  import { once } from 'node:events';
  import { createGuard } from '../../../../api/src/delivery/guard.ts';
  import { createTransport } from '../../../../api/src/delivery/transport/transport.ts';
  const url = 'https://localhost:' + process.argv[2] + '/';
  const [response] = await once(https.get(url, { agent: false }), 'response');
  response.resume();
  const guard = createGuard({ allowedNetworks: ['127.0.0.0/8', '::1/128'], allowedPorts: ['1-65535'], allowHttp: false });
  const request = { url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000 };
  const sent = await createTransport(guard).send(request, new AbortController().signal);
  process.stdout.write('plain ' + response.statusCode + ', ours ' + (sent.failure?.code ?? sent.kind));
`;

function post(transport: Transport, url: string, fields: Partial<OutgoingRequest> = {}, signal = never): Promise<Sent> {
  return transport.send({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000, ...fields }, signal);
}

function answerOf(sent: Sent) {
  if (sent.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(sent)}`);
  return sent.answer;
}

const codeOf = (sent: Sent) => (sent.kind === 'failed' ? sent.failure.code : sent.kind);

describe('an answer', () => {
  it('comes with status, headers and body; the request arrives byte by byte', async () => {
    const sink = await aSink({
      respond: (_, response) => response.writeHead(201, { 'x-a': 'b', 'set-cookie': 'session=secret' }).end('thänks'),
    });
    const body = Buffer.from([0, 1, 255, 254]);
    const sent = await post(aTransport(), `${sink.url}/a%20b?c=d`, {
      body,
      headers: { 'content-type': 'application/octet-stream', 'content-length': '4', 'user-agent': 'x' },
    });
    const answer = answerOf(sent);
    expect(answer).toMatchObject({ status: 201, body: 'thänks', headers: { 'x-a': 'b' } });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(sink.requests).toMatchObject([{ method: 'POST', url: '/a%20b?c=d', body }]);
    expect(sink.requests[0]?.headers).toMatchObject({ 'user-agent': 'x', 'content-length': '4' });
    expect(sink.requests[0]?.headers).not.toHaveProperty('accept-encoding');
    expect(sink.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([204, 302, 400, 404, 410, 429, 500, 503])('of %d is no failure', async (status) => {
    const sink = await aSink({ respond: (_, response) => response.writeHead(status).end() });
    expect(answerOf(await post(aTransport(), sink.url))).toMatchObject({ status, body: '' });
  });

  it('is not followed when it redirects', async () => {
    const target = await aSink();
    const sink = await aSink({
      respond: (_, response) => response.writeHead(307, { location: `${target.url}/internal` }).end(),
    });
    expect(answerOf(await post(aTransport(), sink.url))).toMatchObject({ status: 307 });
    expect(target.requests).toEqual([]);
  });

  it('keeps at most 50 headers', async () => {
    const sink = await aSink({
      respond: (_, response) => {
        for (let i = 0; i < 90; i++) response.setHeader(`x-${i}`, 'v');
        response.writeHead(200).end();
      },
    });
    expect(Object.keys(answerOf(await post(aTransport(), sink.url)).headers)).toHaveLength(50);
  });

  it('has headers beyond ASCII as text, be they UTF-8 or Latin-1, in an answer that breaks HTTP too', async () => {
    for (const end of ['\r\n', '\n']) {
      const head = ['HTTP/1.1 200 OK', 'x-utf8: gr\xc3\xb6\xc3\x9fer', 'x-latin1: gr\xf6\xdfer', '', ''].join(end);
      const server = open(await startRawServer((socket) => socket.end(head, 'latin1')));
      const sent = await post(aTransport(), server.url);
      expect(sent).toMatchObject({ answer: { headers: { 'x-utf8': 'größer', 'x-latin1': 'größer' } } });
    }
  });

  it('has several values of a header as a list, but the first of those that have one', async () => {
    const sink = await aSink({
      respond: (_, response) =>
        response.writeHead(200, ['x-a', 'b', 'x-a', 'c', 'retry-after', '1', 'retry-after', '2']).end(),
    });
    expect(answerOf(await post(aTransport(), sink.url)).headers).toMatchObject({ 'x-a': 'b, c', 'retry-after': '1' });
  });

  it('keeps the first 8 KiB of a longer body', async () => {
    const sink = await aSink({ respond: (_, response) => response.writeHead(200).end('x'.repeat(20_000)) });
    expect(answerOf(await post(aTransport(), sink.url)).body).toBe('x'.repeat(8192));
  });

  it('is read up to 64 KiB when it never ends, and the connection is closed', async () => {
    const server = open(
      await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = () => socket.write('x'.repeat(16_384), (error) => error || setImmediate(more));
        more();
      }),
    );
    expect(answerOf(await post(aTransport(), server.url))).toMatchObject({ status: 200, body: 'x'.repeat(8192) });
    const [socket] = server.sockets;
    if (socket && !socket.closed) await once(socket, 'close');
    expect(socket?.destroyed).toBe(true);
  });

  it('is not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(64 * 1024);
    const sink = await aSink({
      respond: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    });
    const answer = answerOf(await post(aTransport(), sink.url));
    expect(answer.body.length).toBeLessThanOrEqual(8192);
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip' });
  });
});

describe('a failure', () => {
  it('is a result when nothing listens', async () => {
    const sink = await startSink();
    await sink.close();
    expect(codeOf(await post(aTransport(), sink.url))).toBe('ECONNREFUSED');
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('is a result when the name does not resolve: %s', async (code) => {
    const resolve: ResolveAll = (_h, _o, callback) =>
      setImmediate(callback, Object.assign(new Error(code), { code }), []);
    expect(codeOf(await post(aTransport({ resolve: resolve }), 'http://gone.example/'))).toBe(code);
  });

  it.each(['', 'nonsense', 'ftp://x/', 'http://unix:/run/x.sock:/'])('is a result for the URL %j', async (url) => {
    expect(await post(aTransport(), url)).toMatchObject({ kind: 'failed', answer: undefined });
  });

  it.each([
    ['x-a', 'line\r\nbreak: injected', 'ERR_INVALID_CHAR'],
    ['not a name', 'v', 'ERR_INVALID_HTTP_TOKEN'],
  ])('is a result for the header %j: %j', async (name, value, code) => {
    const sink = await aSink();
    expect(codeOf(await post(aTransport(), sink.url, { headers: { [name]: value } }))).toBe(code);
    expect(sink.requests).toEqual([]);
  });

  it('comes in time when there is no answer', async () => {
    const sink = await aSink({ respond: () => {} });
    expect(await post(aTransport(), sink.url, { timeoutMs: 60 })).toMatchObject({
      kind: 'failed',
      failure: { code: 'ERR_TIMEOUT' },
      answer: undefined,
    });
  });

  it.each([
    ['headers trickle in', 'HTTP/1.1 200 OK\r\nx-a: ', { status: 200, body: '' }],
    [
      'the body trickles in',
      'HTTP/1.1 200 OK\r\nx-a: b\r\n\r\nfirst',
      { status: 200, body: expect.stringMatching(/^first/) },
    ],
  ])('comes in time when %s', async (_, start, answer) => {
    const server = open(
      await startRawServer((socket) => {
        socket.write(start);
        const timer = setInterval(() => socket.write('.'), 10);
        socket.once('close', () => clearInterval(timer));
      }),
    );
    const sent = await post(aTransport(), server.url, { timeoutMs: 100 });
    expect(sent).toMatchObject({ kind: 'failed', failure: { code: 'ERR_TIMEOUT' } });
    expect(sent).toMatchObject({ answer });
  });

  it.each([
    ['the connection is reset in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'ECONNRESET', 200],
    ['the connection ends in the status line', 'HTTP/1.1 20', 'ECONNRESET', undefined],
    ['the connection ends in the headers', 'HTTP/1.1 200 OK\r\nx-a', 'ECONNRESET', 200],
    ['the headers are huge', `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(100_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW', 200],
    ['the answer is not HTTP', '220 mail.example ESMTP\r\n', 'HPE_INVALID_CONSTANT', undefined],
    ['it closes at once', '', 'ECONNRESET', undefined],
  ])('is a result when %s', async (_, bytes, code, status) => {
    const server = open(await startRawServer((socket) => socket.end(bytes)));
    const sent = await post(aTransport(), server.url);
    expect(codeOf(sent)).toBe(code);
    expect(sent.kind === 'failed' && sent.answer?.status).toBe(status);
  });

  it('closes the connection, so that a late answer can not meet the next request', async () => {
    const server = open(await startRawServer(() => {}));
    await post(aTransport(), server.url, { timeoutMs: 40 });
    const [socket] = server.sockets;
    if (socket && !socket.closed) await once(socket, 'close');
    expect(socket?.destroyed).toBe(true);
  });
});

describe('an abort', () => {
  it('ends what is under way and what comes after', async () => {
    const sink = await aSink({ respond: () => {} });
    const transport = aTransport();
    const abort = new AbortController();
    const sending = Array.from({ length: 20 }, () => post(transport, sink.url, {}, abort.signal));
    await sink.waitFor(20);
    abort.abort();
    expect(await Promise.all(sending)).toEqual(Array(20).fill({ kind: 'aborted' }));
    expect(await post(transport, sink.url, {}, abort.signal)).toEqual({ kind: 'aborted' });
    expect(sink.requests).toHaveLength(20);
  });

  it('of another signal does not matter', async () => {
    const abort = new AbortController();
    const sink = await aSink({
      respond: (_, response) => {
        abort.abort();
        response.writeHead(204).end();
      },
    });
    expect(answerOf(await post(aTransport(), sink.url)).status).toBe(204);
  });
});

describe('the guard', () => {
  it('blocks every spelling of a private address before a socket exists', async () => {
    const sink = await aSink();
    const transport = aTransport({ allowedNetworks: [] });
    for (const host of [
      '127.0.0.1',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[::ffff:127.0.0.1]',
      '[::1]',
      '0',
      '127.0.0.1.',
    ]) {
      expect([host, codeOf(await post(transport, `http://${host}:${sink.port}/`))]).toEqual([
        host,
        'ERR_BLOCKED_ADDRESS',
      ]);
    }
    expect(sink.requests).toEqual([]);
  });

  it('blocks a name that resolves to a private address, wholly or in part', async () => {
    const sink = await aSink();
    const mixed: ResolveAll = (_h, _o, callback) =>
      setImmediate(callback, null, [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    for (const resolve of [loopback(), mixed]) {
      const transport = aTransport({ allowedNetworks: [], resolve: resolve });
      expect(codeOf(await post(transport, `http://innocent.example:${sink.port}/`))).toBe('ERR_NO_PUBLIC_ADDRESS');
      expect(codeOf(await post(transport, `https://innocent.example:${sink.port}/`))).toBe('ERR_NO_PUBLIC_ADDRESS');
    }
    expect(sink.requests).toEqual([]);
  });

  it('blocks http: unless allowed, and https: to private literals', async () => {
    const sink = await aSink();
    const transport = aTransport({ allowHttp: false });
    expect(await post(transport, sink.url)).toMatchObject({
      failure: { code: 'ERR_BLOCKED_ADDRESS', message: expect.stringContaining('ALLOW_HTTP_DESTINATIONS') },
    });
    expect(codeOf(await post(aTransport({ allowedNetworks: [] }), `https://[::1]:${sink.port}`))).toBe(
      'ERR_BLOCKED_ADDRESS',
    );
    expect(sink.requests).toEqual([]);
  });

  it('is not bypassed by a kept-alive socket of another allow-list', async () => {
    const sink = await aSink();
    expect(answerOf(await post(aTransport(), sink.url)).status).toBe(204);
    expect(codeOf(await post(aTransport({ allowedNetworks: ['10.0.0.0/8'] }), sink.url))).toBe('ERR_BLOCKED_ADDRESS');
  });

  it('blocks ports that are not allowed, at the URL and at the socket', async () => {
    const sink = await aSink();
    expect(await post(aTransport({ allowedPorts: ['443'] }), sink.url)).toMatchObject({
      failure: { code: 'ERR_BLOCKED_ADDRESS', message: expect.stringContaining(`ALLOWED_PORTS=443,${sink.port}`) },
    });
    const guard = createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['443'], allowHttp: true });
    const connect = createConnect(guard);
    for (const protocol of ['http:', 'https:']) {
      const error = await new Promise((done) =>
        connect({ protocol, hostname: '127.0.0.1', port: String(sink.port) }, (...result) => done(result[0])),
      );
      expect(error).toMatchObject({ code: 'ERR_BLOCKED_ADDRESS' });
    }
    expect(sink.requests).toEqual([]);
  });

  it('says all that is wrong with a URL, and never the rest of it', async () => {
    const sent = await post(
      aTransport({ allowedNetworks: [], allowHttp: false, allowedPorts: ['443'] }),
      'http://localhost:22/t0ken',
    );
    if (sent.kind !== 'failed') throw new Error(sent.kind);
    for (const name of ['ALLOW_HTTP_DESTINATIONS', 'ALLOWED_PRIVATE_NETWORKS', 'ALLOWED_PORTS'])
      expect(sent.failure.message).toContain(name);
    expect(sent.failure.message).not.toContain('t0ken');
  });

  it('asks no name server for a private name', async () => {
    const resolve = loopback();
    for (const host of ['localhost', 'receiver', 'db.internal', 'metadata.goog'])
      expect(codeOf(await post(aTransport({ allowedNetworks: [], resolve }), `http://${host}:8080/`))).toBe(
        'ERR_BLOCKED_ADDRESS',
      );
    expect(resolve.asked).toEqual([]);
  });

  it('tells the operator, and nobody else, which address was refused', async () => {
    const refused: object[] = [];
    const options = { resolve: loopback('10.1.2.3'), onRefusedAddress: (what: object) => refused.push(what) };
    const sent = await post(aTransport(options), 'https://wiki.example.com/');
    expect(JSON.stringify(sent)).not.toContain('10.1.2.3');
    expect(refused).toEqual([{ host: 'wiki.example.com', address: '10.1.2.3' }]);
  });

  it('pins what it checked: the name is asked once, and a rebound name is checked again', async () => {
    const sink = await aSink();
    const answers = ['127.0.0.1', '10.0.0.1'];
    const rebinding: ResolveAll = (_h, _o, callback) =>
      setImmediate(callback, null, [{ address: answers.shift() ?? '', family: 4 }]);
    const transport = aTransport({ resolve: rebinding });
    expect(answerOf(await post(transport, `http://rebind.example:${sink.port}/`)).status).toBe(204);
    expect(answers).toEqual(['10.0.0.1']);
    expect(codeOf(await post(transport, `http://rebind.example:${sink.port + 1}/`))).toBe('ERR_NO_PUBLIC_ADDRESS');
  });
});

describe('connections', () => {
  it('are kept and used again, one after another', async () => {
    const sink = await aSink();
    const resolve = loopback();
    const transport = aTransport({ resolve });
    for (let i = 0; i < 5; i++) await post(transport, `http://hooks.example:${sink.port}/`);
    expect(new Set(sink.requests.map(({ port }) => port)).size).toBe(1);
    expect(resolve.asked).toEqual(['hooks.example']);
  });
});

describe('TLS', () => {
  async function aTlsServer() {
    const server = https.createServer({ key: TLS_KEY, cert: TLS_CERTIFICATE }, (_, response) =>
      response.end('over TLS'),
    );
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return (server.address() as AddressInfo).port;
  }

  it('certificates are verified', async () => {
    const port = await aTlsServer();
    expect(codeOf(await post(aTransport(), `https://localhost:${port}/`))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch that off', async () => {
    const port = await aTlsServer();
    const { outputFiles } = await build({
      stdin: { contents: POST_ONCE, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      write: false,
    });
    const child = spawn(process.execPath, ['--input-type=module', '-', String(port)], {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(outputFiles[0]?.text);
    expect(String(Buffer.concat(await child.stdout.toArray()))).toBe('plain 200, ours DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('works through the guard with a certificate that is trusted', async () => {
    const port = await aTlsServer();
    const resolve = loopback();
    const guard = createGuard({
      allowedNetworks: ['127.0.0.0/8'],
      allowedPorts: ['1-65535'],
      allowHttp: false,
      resolve,
    });
    const transport = open(createTransport(guard, createConnect(guard, { ca: TLS_CERTIFICATE })));
    for (let i = 0; i < 2; i++) {
      expect(answerOf(await post(transport, `https://localhost:${port}/`)).body).toBe('over TLS');
    }
    expect(resolve.asked).toEqual(['localhost']);
  });

  it('that never completes is given up', async () => {
    const server = open(await startRawServer(() => {}));
    const sent = await post(aTransport(), server.url.replace('http', 'https'), { timeoutMs: 10_000 });
    expect(codeOf(sent)).toBe('ERR_CONNECT_TIMEOUT');
  });
});
