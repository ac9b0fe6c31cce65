import ipaddr from 'ipaddr.js';

/** What one party usually has of the IPv6 addresses: https://www.rfc-editor.org/rfc/rfc6177 */
const IPV6_BITS = 64;

/**
 * What counts as one address for limits: an IPv4 address, or the /64 of an IPv6 address. What a proxy wrote in place of
 * an address is the one block `other`, so that inventing such words makes no new ones.
 */
export function addressBlock(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'other';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().split('%')[0]}/${IPV6_BITS}`).toString();
}
