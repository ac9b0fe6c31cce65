import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { completionName, spikeName } from './traffic.ts';

export interface WebhookSink {
  port: number;
  /** When each notification came in for the first time, by its name. */
  received: Map<string, number>;
  /** What came in once more. */
  repeated: number;
  close(): void;
}

/** Receives notifications: `/healthy` answers 204, `/broken` 503. */
export async function startWebhookSink(): Promise<WebhookSink> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const healthy = request.url === '/healthy';
      response.writeHead(healthy ? 204 : 503).end();
      if (!healthy) return;
      const { type, page, site } = JSON.parse(Buffer.concat(chunks).toString());
      // The end of a spike is news too, minutes later.
      if (type.endsWith('.recovered')) return;
      const name = type === 'goal.completed' ? completionName(page) : spikeName(site.domain);
      if (sink.received.has(name)) sink.repeated++;
      else sink.received.set(name, performance.now());
    });
  });
  server.keepAliveTimeout = 60_000;
  const sink: WebhookSink = { port: 0, received: new Map(), repeated: 0, close: () => server.close() };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sink.port = (server.address() as AddressInfo).port;
  return sink;
}
