/** Kinds of host names that can be recognised as private without resolving them. */
export type PrivatePlace = 'machine' | 'metadata' | 'inside';

const MACHINE = /^(?:ip6-)?(?:localhost|loopback)[46]?(?:\.localdomain[46]?)?$|\.localhost$/;
const METADATA = /^(?:metadata|instance-data)(?:\.|$)/;
/** RFC 6762 (local, and what its appendix G found in use), RFC 8375 (home.arpa), ICANN's private-use `internal`. */
const INSIDE = /(?:^|\.)(?:local|localdomain[46]?|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** The kind of a private name; undefined if it may be public, which its addresses decide. A name without a dot never is. */
export function privatePlace(host: string): PrivatePlace | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (MACHINE.test(name)) return 'machine';
  if (METADATA.test(name)) return 'metadata';
  return INSIDE.test(name) || !name.includes('.') ? 'inside' : undefined;
}
