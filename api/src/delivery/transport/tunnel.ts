import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** The proxy did not open a tunnel. The message is for operators and users: it names no address. */
export class ProxyRefused extends Error {
  readonly code = 'ERR_PROXY';
}

/**
 * Asks an HTTP proxy for a tunnel (CONNECT: RFC 9110, 9.3.6). It is given an address, never a name: what was checked is what it
 * connects to.
 * @param proxy its URL, with credentials if it wants some
 * @param address an IP address
 */
export function openTunnel(
  proxy: URL,
  { address, port }: { address: string; port: number },
  timeoutMs: number,
  callback: (...result: [null, Socket] | [Error, null]) => void,
): void {
  const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const { username, password } = proxy;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const request = (proxy.protocol === 'https:' ? https : http).request({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: authority,
    headers: { host: authority, ...(username && { 'proxy-authorization': `Basic ${login}` }) },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const fail = (reason: string) => callback(new ProxyRefused(reason), null);
  request.once('error', () => fail('the proxy can not be reached'));
  request.once('connect', ({ statusCode = 0 }, socket, head) => {
    request.removeAllListeners('error').on('error', () => undefined);
    if (statusCode < 200 || statusCode >= 300) {
      socket.destroy();
      return fail(`the proxy answered ${statusCode}`);
    }
    if (head.length > 0) socket.unshift(head);
    callback(null, socket as Socket);
  });
  request.end();
}
