import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

export interface RequestParts {
  method?: string;
  headers?: http.OutgoingHttpHeaders | string[];
  /** A list is sent as chunks, without a Content-Length. */
  body?: string | Buffer | (string | Buffer)[];
  agent?: http.Agent;
}

/** One request with exactly these header fields and bytes, where fetch adds and refuses some. */
export function send(url: string, { method = 'POST', headers = {}, body = '', agent }: RequestParts = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const chunks = Array.isArray(body) ? body : [];
    const length = Array.isArray(body) || Array.isArray(headers) ? {} : { 'content-length': Buffer.byteLength(body) };
    const all = Array.isArray(headers) ? headers : { ...length, ...headers };
    const request = http.request(url, { method, headers: all, agent: agent ?? false }, async (response) => {
      const received: Buffer[] = [];
      response.once('error', reject);
      for await (const chunk of response) received.push(chunk);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(received).toString(),
      });
    });
    request.once('error', reject);
    for (const chunk of chunks) request.write(chunk);
    request.end(Array.isArray(body) ? undefined : body);
  });
}

/** Writes bytes as they are and resolves with all that comes back until the server closes, or `quietMs` pass in silence. */
export async function sendBytes(port: number, bytes: string | Buffer, quietMs = 10_000): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.setTimeout(quietMs, () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}
