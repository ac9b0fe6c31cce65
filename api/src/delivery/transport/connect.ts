import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { BlockedAddress, type Guard, NoPublicAddress } from '../guard.ts';
import { openTunnel } from './tunnel.ts';

/** Limit for name resolution, TCP and TLS together. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** Opens the socket of a connection. */
export type Connect = buildConnector.connector;

/** Opens sockets that the guard allows. Agents reuse sockets without asking the guard again; never share them between guards. */
export function createConnect(guard: Guard, { ca, proxy }: { ca?: string; proxy?: string | undefined } = {}): Connect {
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
    if (proxy === undefined) connect(options, callback);
    else throughProxy(options, callback, new URL(proxy));
  };

  /** The guard checks the addresses before the proxy is asked. Private ones that it allows are reached without the proxy. */
  function throughProxy(options: buildConnector.Options, callback: buildConnector.Callback, proxy: URL): void {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const isPlain = options.protocol !== 'https:';
    const reach = (address: string): void => {
      if (!guard.isPublic(address)) {
        connect(options, callback);
        return;
      }
      const target = { address, port: Number(options.port) || (isPlain ? 80 : 443) };
      openTunnel(proxy, target, CONNECT_TIMEOUT_MS, (error, socket) => {
        if (error) callback(error, null);
        else if (isPlain) callback(null, socket);
        else connect({ ...options, httpSocket: socket }, callback);
      });
    };
    if (isIP(host)) reach(host);
    else lookUp(host, reach, (error) => callback(error, null));
  }

  function lookUp(host: string, reach: (address: string) => void, fail: (error: Error) => void): void {
    guard.lookup(host, { all: true }, (error, addresses) => {
      const found = Array.isArray(addresses) ? addresses[0]?.address : addresses;
      if (error || !found) fail(error ?? new NoPublicAddress('the name has no address'));
      else reach(found);
    });
  }
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
