/** Lower case, without `www.`. */
export function toHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^www\./, '');
}
