import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sink {
  port: number;
  /** Called with the event's number, once for each delivery. */
  onDelivery: (event: number) => void;
  close(): void;
}

const MARK = /"n":(\d+)/;

/** Where events are delivered: answers at once and says which event came. */
export async function startSink(): Promise<Sink> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      response.end('ok');
      sink.onDelivery(Number(MARK.exec(body)?.[1]));
    });
  });
  server.keepAliveTimeout = 60_000;
  const sink: Sink = { port: 0, onDelivery: () => undefined, close: () => server.close() };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sink.port = (server.address() as AddressInfo).port;
  return sink;
}
