import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';

/** Whether the address at that hop, counted from the server, is a proxy that `TRUST_PROXY` names. */
export type Trusts = (address: string, hop: number) => boolean;

/** What proxies in front of a tracked site say of the client, the surest first; Plausible reads the same. */
const ONE_ADDRESS = ['x-plausible-ip', 'cf-connecting-ip'];

/**
 * The client's address. Header fields count only if who connects is a proxy that `TRUST_PROXY` names; `X-Forwarded-For`
 * is read from the right, so that nobody else can add to it.
 */
export function clientIp(request: IncomingMessage, trusts: Trusts): string {
  const peer = request.socket.remoteAddress ?? '';
  if (!trusts(peer, 0)) return withoutPort(peer);
  const { headers } = request;
  for (const name of ONE_ADDRESS) {
    const address = String(headers[name] ?? '').trim();
    if (address) return withoutPort(address);
  }
  if (headers['x-forwarded-for'] !== undefined) return withoutPort(proxyAddress(request, trusts));
  return withoutPort(forwardedFor(headers.forwarded) ?? peer);
}

/** The first `for` of RFC 7239. */
function forwardedFor(header: string | undefined): string | undefined {
  return /for="?([^";,\s]+)/i.exec(header ?? '')?.[1];
}

/** `[2001:db8::1]:443` → `2001:db8::1`, `192.0.2.1:80` → `192.0.2.1`; IPv4 in IPv6 as IPv4. */
function withoutPort(address: string): string {
  const [, bracketed] = /^\[([^\]]+)\]/.exec(address) ?? [];
  const bare = bracketed ?? address.replace(/^([\d.]+):\d+$/, '$1');
  return bare.replace(/^::ffff:(?=[\d.]+$)/i, '');
}
