import { domainToASCII } from 'node:url';

/** As domains of sites are kept: lower case, without `www.`, in ASCII (`münchen.de` → `xn--mnchen-3ya.de`). */
export function toHost(hostname: string): string {
  const host = hostname.toLowerCase().replace(/^www\./, '');
  return domainToASCII(host) || host;
}
