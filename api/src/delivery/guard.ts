import dns from 'node:dns';
import net from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** `dns.lookup` as the guard calls it: every address of the name. */
export type ResolveAll = (
  hostname: string,
  options: { all: true; family?: number; hints?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  /** CIDRs that destinations may reach although they are not public. */
  allowedNetworks: readonly string[];
  /** Whether `http:` URLs may be used. */
  allowHttp: boolean;
  resolve?: ResolveAll;
}

/** Decides what destinations may reach, inside each connect. PocketBase has refused what it could when one was saved (url_check.go). */
export interface Guard {
  /** Why a socket may not connect to this host (a name or an IP literal) as far as it can be said before resolving. */
  refuseHost(host: string): string | undefined;
  /** Undefined when plain `http:` is allowed. */
  refuseHttp(): string | undefined;
  /** For sockets: resolves, checks every address, and hands exactly those to connect to. Fails with BlockedAddress. */
  lookup: net.LookupFunction;
}

/** The guard refused to connect. The message is for people. */
export class BlockedAddress extends Error {
  readonly code = 'ERR_BLOCKED_ADDRESS';
}

/** The only part of IPv6 that is globally routed unicast; all that embeds IPv4 addresses or is local lies outside or has its own range. */
const GLOBAL_UNICAST_V6: Range = ipaddr.parseCIDR('2000::/3');
/** Public by range, yet a cloud's metadata service: Azure's wire server. */
const DENIED: Range[] = [ipaddr.parseCIDR('168.63.129.16/32')];

export function createGuard({ allowedNetworks, allowHttp, resolve = dns.lookup as ResolveAll }: GuardOptions): Guard {
  const allowed = allowedNetworks.map((network) => ipaddr.parseCIDR(network) as Range);

  const refuseAddress = (text: string, host: string): string | undefined => {
    const address = ipaddr.process(text);
    if (isIn(address, allowed) || isPublic(address)) return undefined;
    const what = host === text ? `${text} is` : `${host} resolves to ${text},`;
    return `${what} not a public address. An operator can allow it: ALLOWED_PRIVATE_NETWORKS=${asNetwork(address)}.`;
  };

  const refuseHost = (host: string) => (net.isIP(host) ? refuseAddress(host, host) : undefined);

  const refuseHttp = () =>
    allowHttp
      ? undefined
      : 'Only https: URLs are allowed. An operator can allow http: with ALLOW_HTTP_DESTINATIONS=true.';

  return {
    refuseHost,
    refuseHttp,
    lookup: (hostname, options, callback) => {
      const { family, hints } = options;
      const numeric = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
      const query = { all: true as const, ...(numeric && { family: numeric }), ...(hints !== undefined && { hints }) };
      resolve(hostname, query, (error, addresses) => {
        if (error) return callback(error, []);
        // One bad address condemns the name: else an attacker's second record decides which one is connected to.
        const refusal = addresses.map(({ address }) => refuseAddress(address, hostname)).find(Boolean);
        if (refusal !== undefined) return callback(new BlockedAddress(refusal), []);
        const first = addresses[0];
        if (options.all || !first) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  };
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isIn(address, DENIED)) return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST_V6);
}

function isIn(address: Address, ranges: Range[]): boolean {
  return ranges.some((range) => address.kind() === range[0].kind() && address.match(range));
}

function asNetwork(address: Address): string {
  return `${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}`;
}
