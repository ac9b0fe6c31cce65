import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before the PocketBase service and loses answers, as a network or a timeout does: the service has done its work. */
export interface LosingProxy {
  url: string;
  /** How many answers to changes of records get lost from now on. */
  lose: number;
  /** Called with each change of a record once it was passed on. */
  onChange: (() => void) | undefined;
  close(): Promise<void>;
}

export async function startLosingProxy(target: string): Promise<LosingProxy> {
  const server = createServer((incoming, outgoing) => {
    const isChange = incoming.method !== 'GET' && incoming.headers['x-pockethook-caller'] !== undefined;
    const lost = isChange && proxy.lose > 0;
    if (lost) proxy.lose--;
    const passedOn = request(
      target + incoming.url,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (lost) answer.resume().on('end', () => outgoing.destroy());
        else answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
        answer.on('error', () => outgoing.destroy());
      },
    );
    passedOn.on('error', () => outgoing.destroy());
    incoming.pipe(passedOn).on('finish', () => isChange && proxy.onChange?.());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: LosingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: 0,
    onChange: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
