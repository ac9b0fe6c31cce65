import { buildConnector } from 'undici';
import { BlockedAddress, type Guard } from '../guard.ts';

/** Name resolution, TCP and TLS together. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** Opens the socket of a connection. */
export type Connect = buildConnector.connector;

/** Sockets that all pass the guard. One that is open is not asked about again: never share connections between guards. */
export function createConnect(guard: Guard, { ca }: { ca?: string } = {}): Connect {
  const connect = buildConnector({
    lookup: guard.lookup,
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED can't switch it off.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  });
  return (options, callback) => {
    const refusal = refuseTarget(guard, options);
    if (refusal !== undefined) return callback(new BlockedAddress(refusal), null);
    connect(options, callback);
  };
}

/**
 * The URL was checked before; this is what the socket is really opened to. IP literals never reach a socket's lookup,
 * hence the check before the socket exists.
 */
function refuseTarget(guard: Guard, { protocol, hostname, port }: buildConnector.Options): string | undefined {
  const plain = protocol !== 'https:';
  return (
    (plain ? guard.refuseHttp() : undefined) ??
    guard.refuseHost(hostname) ??
    guard.refusePort(port === '' ? (plain ? 80 : 443) : Number(port))
  );
}
