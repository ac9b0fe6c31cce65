/**
 * What is counted of sites: the port behind which hits are, or somebody else's statistics. Null is what could not be counted
 * of one site; calls reject with Problem `store_unavailable` when nothing can be counted now. Neither is ever taken for 0.
 */
export interface Counting {
  /** Distinct visitors of many windows that end now or were read last, in the order asked for. */
  countVisitors(windows: SiteWindow[]): Promise<{ now: number; counts: (VisitorCount | null)[] }>;
  /** Of sites that had hits. */
  readSites(sites: string[]): Promise<Map<string, SiteHits>>;
  /** Sites with hits since a cursor, which is opaque and '' at first. What happened before the origin began to remember is not told. */
  readTouched(after: string): Promise<{ sites: string[]; cursor: string }>;
  /** Completions of goals, each from where it was counted up to. In the order asked for. */
  countCompletions(wanted: GoalWanted[]): Promise<{ now: number; items: (GoalCount | null)[] }>;
  /** The most seen pages and sources of the window that ends now. */
  readTop(window: SiteWindow, limit: number): Promise<TopCounts>;
  /** Hits that were not counted since, by reason. */
  readDropped(site: string, since: number): Promise<{ reason: string; count: number }[]>;
  /** Keeps what was counted in a slot: 5 minutes, numbered from 1970 on. What a slot has already stays. */
  saveValues(slot: number, values: (SiteWindow & { value: number })[]): Promise<void>;
  /** What was kept from a slot up to and without another; null: nothing was. */
  readValues(window: SiteWindow, fromSlot: number, toSlot: number): Promise<(number | null)[]>;
  /** Of many windows 12 values for each of some hours, which are named by their first slots. Null: not at hand yet, ask again. */
  readHours(items: (SiteWindow & { hours: number[] })[]): Promise<((number | null)[] | null)[]>;
}

export interface SiteWindow {
  site: string;
  window_s: number;
}

export interface VisitorCount {
  value: number;
  /** Where its window ends, in milliseconds since the epoch. */
  at: number;
  /** How far apart such counts are had; 0: one can be had whenever it is asked for. */
  every_ms: number;
}

/** Milliseconds since the epoch. */
export interface SiteHits {
  first_hit: number;
  last_hit: number;
  /** Since when hits were counted without a gap, if that does not depend on this service. */
  counting_since?: number;
  /** Since when it would have been noticed that a hit came; absent: since they are counted. */
  noticing_since?: number;
}

export interface GoalWanted {
  goal: string;
  /** Position (`seq`) of the last completion that was counted; below 0: only the newest position is asked for. */
  after: number;
  /** Which of the completions after that is wanted whole. */
  offset: number;
  /** Amounts in it are summed. */
  currency: string;
}

export interface GoalCount {
  /** May be fewer than there are: `last_seq` says up to where they were counted. */
  count: number;
  /** Empty: none, or the origin tells none. */
  revenue: string;
  last_seq: number;
  /** Page, amount and currency are empty where the origin tells how many there were only. */
  next: { seq: number; at: number; page: string; amount: string; currency: string } | null;
}

export interface TopCounts {
  pages: { page: string; pageviews: number }[];
  /** An empty source: they came directly. */
  sources: { source: string; visitors: number }[];
}
