import type { Request } from 'express';

/** What proxies in front of a tracked site say of the client, the surest first; Plausible reads the same. */
const ONE_ADDRESS = ['x-plausible-ip', 'cf-connecting-ip'];

/**
 * The client's address. Header fields count only if who connects is a proxy that `TRUST_PROXY` names; `X-Forwarded-For`
 * is read by Express, from the right, so that nobody else can add to it.
 */
export function clientIp(request: Request): string {
  const peer = request.socket.remoteAddress ?? '';
  const isTrusted: (address: string, hop: number) => boolean = request.app.get('trust proxy fn');
  if (!isTrusted(peer, 0)) return withoutPort(peer);
  for (const name of ONE_ADDRESS) {
    const address = request.get(name)?.trim();
    if (address) return withoutPort(address);
  }
  if (request.headers['x-forwarded-for'] !== undefined) return withoutPort(request.ip ?? peer);
  return withoutPort(forwardedFor(request.get('forwarded')) ?? peer);
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
