import type { Request } from 'express';
import { Problem } from '../model/problems.ts';

/** Reading changes nothing, and no other origin gets to see the answer. */
const READING = new Set(['GET', 'HEAD']);
/** `none`: the person themselves asked, such as by the address bar. */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * Refuses a change with a browser's cookie unless it comes from a page of this origin (CSRF): a header that other
 * origins can't add without being allowed to, which nothing here allows, and what the browser says of the page.
 * @throws Problem `cross_site_request`
 */
export function refuseCrossSiteChange(request: Request): void {
  if (READING.has(request.method)) return;
  refuseOtherOrigin(request);
  if (request.get('x-pockethook-csrf') === '1') return;
  throw new Problem(
    'cross_site_request',
    'A change that comes with the cookie of a session needs the header X-Pockethook-CSRF: 1. Programs send Authorization: Bearer <token> instead.',
  );
}

/**
 * As Go's http.CrossOriginProtection does it: browsers send Sec-Fetch-Site to trustworthy origins and say the truth there;
 * elsewhere they send Origin with each change. What sends neither is no browser.
 * @throws Problem `cross_site_request`
 */
export function refuseOtherOrigin(request: Request): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const isOwn = site === undefined ? origin === undefined || isOwnHost(origin, request) : OWN_SITES.has(site);
  if (isOwn) return;
  throw new Problem(
    'cross_site_request',
    'The request comes from a page of another origin. If it is Pockethook itself behind a proxy, let the proxy pass on the Host header (docs/reverse-proxy.md).',
  );
}

/** Without the scheme: a proxy may take TLS off. Express reads X-Forwarded-Host only from a proxy that is trusted. */
function isOwnHost(origin: string, request: Request): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.host?.toLowerCase();
}
