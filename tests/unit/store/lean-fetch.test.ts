import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { createLeanFetch } from '../../../api/src/store/pocketbase/lean-fetch.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  servers.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a text goes out and JSON comes back, with all digits and characters, over kept connections', async () => {
  const ports = new Set<number | undefined>();
  const url = await serve(async (request, response) => {
    ports.add(request.socket.remotePort);
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const answer = Buffer.from(
      `{"method":"${request.method}","path":"${request.url}","id":12345678901234567890,"body":${body}}`,
    );
    // Cut inside of a character.
    const at = answer.indexOf('é') + 1;
    response.writeHead(201, { 'content-length': answer.length }).write(answer.subarray(0, at));
    setImmediate(() => response.end(answer.subarray(at)));
  });
  const fetch = createLeanFetch();
  for (let i = 0; i < 6; i++) {
    const response = await fetch(`${url}/api/x?y=1`, { method: 'POST', body: '{"text":"café"}' });
    expect([response.status, response.ok]).toEqual([201, true]);
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/api/x?y=1',
      id: 12345678901234567890n,
      body: { text: 'café' },
    });
  }
  // undici takes a connection again after a turn of the event loop.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test('an answer that is no JSON is told as such, and a service that is not there', async () => {
  const url = await serve((_request, response) => response.writeHead(502).end('<html>'));
  const response = await createLeanFetch()(`${url}/`);
  expect([response.status, response.ok]).toEqual([502, false]);
  await expect(response.json()).rejects.toThrow(SyntaxError);
  await expect(createLeanFetch()('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a connection that is cut off in the middle of an answer fails the request', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"a":');
    setImmediate(() => response.destroy());
  });
  await expect(createLeanFetch()(`${url}/`)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});

describe('whoever gives up is told at once, with their reason', () => {
  const reason = new Error('no answer within 2000 ms');

  test('before it begins', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    await expect(createLeanFetch()(`${url}/`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('while the connection is being opened: then nothing is sent over it', async () => {
    const sent: string[] = [];
    const url = await serve((request, response) => {
      sent.push(request.url ?? '');
      response.end('{}');
    });
    const fetch = createLeanFetch();
    const stopping = new AbortController();
    const given = fetch(`${url}/given-up`, { signal: stopping.signal });
    stopping.abort(reason);
    await expect(given).rejects.toBe(reason);
    await fetch(`${url}/other`);
    expect(sent).toEqual(['/other']);
  });

  test('while it waits for the answer: then its connection is closed', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const stopping = new AbortController();
    const given = createLeanFetch()(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      signal: stopping.signal,
    });
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    await once(socket, 'data');
    const closed = once(socket, 'close');
    stopping.abort(reason);
    await expect(given).rejects.toBe(reason);
    await closed;
  });
});
