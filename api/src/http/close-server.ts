import type { Server } from 'node:http';

const LOOK_AGAIN_MS = 50;

/** Takes no more connections and waits for the requests under way; after `graceMs` it cuts off those that are left. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection becomes idle when its answer is out, and would then be kept alive for the next request.
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
