import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SinkRequest {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  /** Remote port: tells connections apart. */
  port: number;
}

export interface Sink {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  requests: SinkRequest[];
  /** Resolves when `count` requests have come in whole, with all of them. */
  waitFor(count: number): Promise<SinkRequest[]>;
  close(): Promise<void>;
}

export interface SinkOptions {
  /** Answers a request that has come in whole; default: 204. */
  respond?: (request: SinkRequest, response: http.ServerResponse) => void;
}

/** A receiver on loopback that remembers what it got. */
export async function startSink({
  respond = (_, response) => response.writeHead(204).end(),
}: SinkOptions = {}): Promise<Sink> {
  const requests: SinkRequest[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = http.createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks),
      port: incoming.socket.remotePort ?? 0,
    };
    requests.push(request);
    for (const waiter of waiting) if (requests.length >= waiter.count) waiter.resolve();
    waiting = waiting.filter((waiter) => requests.length < waiter.count);
    respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    waitFor: async (count) => {
      if (requests.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return requests;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
