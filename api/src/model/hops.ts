/** How often Pockethook has passed a payload on, in each request that it sends: any installation that it comes back to can count. */
export const HOPS_HEADER = 'pockethook-hops';

/** An event that was passed on as often is not passed on again. */
export const MAX_HOPS = 5;

/**
 * The hops that a request came over, from 0 to MAX_HOPS; with repeated fields (joined by commas) the most. What is no
 * number counts as none: a header must not cost anybody an event.
 */
export function parseHops(header: string | undefined): number {
  const counts = (header ?? '').split(',').map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : 0));
  return counts.reduce((most, count) => Math.min(Math.max(most, count), MAX_HOPS), 0);
}
