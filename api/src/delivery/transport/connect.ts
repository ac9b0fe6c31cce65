import { buildConnector } from 'undici';
import { BlockedAddress, type Guard } from '../guard.ts';

/** Limit for name resolution, TCP and TLS together. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** Opens the socket of a connection. */
export type Connect = buildConnector.connector;

/** Opens sockets that the guard allows. Agents reuse sockets without asking the guard again; never share them between guards. */
export function createConnect(guard: Guard, { ca }: { ca?: string } = {}): Connect {
  const connect = buildConnector({
    lookup: guard.lookup,
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED can't disable certificate checks.
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
 * Checks the host that the socket really connects to, in addition to the check of the URL. Needed before the socket exists,
 * because sockets don't call `lookup` for IP literals.
 */
function refuseTarget(guard: Guard, { protocol, hostname, port }: buildConnector.Options): string | undefined {
  const plain = protocol !== 'https:';
  return (
    (plain ? guard.refuseHttp() : undefined) ??
    guard.refuseHost(hostname) ??
    guard.refusePort(port === '' ? (plain ? 80 : 443) : Number(port))
  );
}
