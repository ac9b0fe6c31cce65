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

/**
 * What an event has used up of MAX_HOPS when it becomes so many deliveries: one more for 4 of them, two for 16, three for 64. Were
 * only rounds counted, 50 mappings that lead back would make 50⁵ deliveries of one event; so it stays below some thousands. An
 * event that nobody passed on is always sent.
 */
export function countFanOut(hops: number, deliveries: number): number {
  const more = Math.floor(Math.log2(Math.max(deliveries, 1)) / 2);
  return Math.min(hops + more, hops === 0 ? MAX_HOPS - 1 : MAX_HOPS);
}
