import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { DeliverDeps } from '../../../api/src/delivery/deliver.ts';
import { createMaskEcho } from '../../../api/src/delivery/echo.ts';
import { createJudgeSuccess } from '../../../api/src/delivery/success.ts';

export const NOW = Date.UTC(2026, 0, 31, 12);
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwXlZwGyb0TBw=';

export function deliverDeps(transport: DeliverDeps['transport'], fields: Partial<DeliverDeps> = {}): DeliverDeps {
  return {
    transport,
    maskEcho: createMaskEcho(),
    judgeSuccess: createJudgeSuccess(),
    now: () => NOW,
    random: () => 0.5,
    makeId: () => 'attempt00000001',
    userAgent: 'Pockethook/1.2.3',
    defaultSchedule: [0, 5_000, 300_000],
    ...fields,
  };
}

export interface RawServer {
  url: string;
  sockets: net.Socket[];
  close(): Promise<void>;
}

/** A TCP server on loopback for answers that no HTTP server would give. */
export async function startRawServer(onRequest: (socket: net.Socket, begin: Buffer) => void): Promise<RawServer> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', (begin) => onRequest(socket, begin));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
