import dns from 'node:dns';
import net from 'node:net';
import ipaddr from 'ipaddr.js';
import { parsePortRange } from '../model/ports.ts';
import { type PrivatePlace, privatePlace } from './private-names.ts';
import { readUrl, type UrlProblem } from './url.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** `dns.lookup` as the guard calls it, with `all: true`. */
export type ResolveAll = (
  hostname: string,
  options: { all: true; family?: number; hints?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  /** Non-public address ranges (CIDR) that destinations may reach. */
  allowedNetworks: readonly string[];
  /** Ports and port ranges that destinations may have. */
  allowedPorts: readonly string[];
  /** Whether `http:` URLs may be used. */
  allowHttp: boolean;
  resolve?: ResolveAll;
  /** Called when a name resolves to a forbidden address. For operators only: users must not learn the address. */
  onRefusedAddress?: (refused: { host: string; address: string }) => void;
}

/** Decides what destinations may reach, by URL and at each connect (SSRF). url_check.go applies the same URL rules at save. */
export interface Guard {
  /** Every problem of a destination's URL; empty if it may be used. */
  checkUrl(text: string): UrlProblem[];
  /** Why a socket may not connect to this host (a name or an IP literal), as far as is known before resolving it. */
  refuseHost(host: string): string | undefined;
  refusePort(port: number): string | undefined;
  /** Whether an address is public, and not just allowed. */
  isPublic(address: string): boolean;
  /** The refusal of an `http:` URL; undefined when plain HTTP is allowed. */
  refuseHttp(): string | undefined;
  /** A `lookup` for sockets: resolves, checks every address, and returns exactly those. Fails with NoPublicAddress. */
  lookup: net.LookupFunction;
}

/** Thrown when the guard refuses to connect. The message is for users. */
export class BlockedAddress extends Error {
  readonly code = 'ERR_BLOCKED_ADDRESS';
}

/** A name resolved to a forbidden address. Retried, and shown to users, like a name that doesn't exist: DNS may change. */
export class NoPublicAddress extends Error {
  readonly code = 'ERR_NO_PUBLIC_ADDRESS';
}

/** IPv6 global unicast. Local addresses, and those that embed IPv4, lie outside or are ranges of their own in ipaddr.js. */
const GLOBAL_UNICAST_V6: Range = ipaddr.parseCIDR('2000::/3');
/** Azure's wire server: a metadata service at a public address. */
const DENIED: Range[] = [ipaddr.parseCIDR('168.63.129.16/32')];

/** Each kind of private name: its description, and the addresses of which one must be allowed; undefined: any address. */
const PLACES: Record<PrivatePlace, { what: string; addresses?: string[]; hint: string }> = {
  machine: { what: 'a name of this machine', addresses: ['127.0.0.1', '::1'], hint: '=127.0.0.0/8' },
  metadata: {
    what: "the name of a cloud's metadata service",
    addresses: ['169.254.169.254', 'fd00:ec2::254'],
    hint: ' with its address',
  },
  inside: { what: 'a name inside a private network', hint: ' with that network' },
};

export function createGuard(options: GuardOptions): Guard {
  const { allowHttp, resolve = dns.lookup as ResolveAll, onRefusedAddress } = options;
  const allowed = options.allowedNetworks.map((network) => ipaddr.parseCIDR(network) as Range);
  const ports = options.allowedPorts.map(parsePortRange).filter((range) => range !== undefined);

  const isAllowed = (address: Address) => isIn(address, allowed) || isPublic(address);

  function hostProblem(host: string): UrlProblem | undefined {
    if (net.isIP(host)) {
      const address = ipaddr.process(host);
      if (isAllowed(address)) return undefined;
      const message = `${host} is not a public address. An operator can allow it: ALLOWED_PRIVATE_NETWORKS=${asNetwork(address)}.`;
      return { kind: 'address', message };
    }
    const place = privatePlace(host);
    if (!place) return undefined;
    const { what, addresses, hint } = PLACES[place];
    const open = addresses ? addresses.some((one) => isIn(ipaddr.parse(one), allowed)) : allowed.length > 0;
    const message = `${host} is ${what}, not a public address. An operator can allow it: ALLOWED_PRIVATE_NETWORKS${hint}.`;
    return open ? undefined : { kind: 'name', message };
  }

  const refusePort = (port: number) =>
    ports.some(([first, last]) => port >= first && port <= last)
      ? undefined
      : `Port ${port} is not allowed. An operator can allow it: ALLOWED_PORTS=${[...options.allowedPorts, port].join(',')}.`;

  const refuseHttp = () =>
    allowHttp
      ? undefined
      : 'Only https: URLs are allowed. An operator can allow http: with ALLOW_HTTP_DESTINATIONS=true.';

  return {
    refuseHost: (host) => hostProblem(host)?.message,
    refusePort,
    isPublic: (address) => isPublic(ipaddr.process(address)),
    refuseHttp,
    checkUrl: (text) => {
      const read = readUrl(text);
      if ('problem' in read) return [read.problem];
      const { scheme, host, port } = read.parts;
      const found = [
        scheme === 'http' ? withKind('scheme', refuseHttp()) : undefined,
        hostProblem(host),
        withKind('port', refusePort(port)),
      ];
      return found.filter((one) => one !== undefined);
    },
    lookup: (hostname, options, callback) => {
      const { family, hints } = options;
      const numeric = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
      const query = { all: true as const, ...(numeric && { family: numeric }), ...(hints !== undefined && { hints }) };
      resolve(hostname, query, (error, addresses) => {
        if (error) return callback(error, []);
        // One forbidden address refuses the name: the socket may connect to any of its addresses.
        const refused = addresses.find(({ address }) => !isAllowed(ipaddr.process(address)));
        if (refused) {
          onRefusedAddress?.({ host: hostname, address: refused.address });
          return callback(new NoPublicAddress('the name has an address that is not allowed'), []);
        }
        const first = addresses[0];
        if (options.all || !first) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  };
}

function withKind(kind: UrlProblem['kind'], message: string | undefined): UrlProblem | undefined {
  return message === undefined ? undefined : { kind, message };
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
