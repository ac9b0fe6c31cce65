export interface Window {
  from: number;
  to: number;
}

/** What a spike or drop trigger saw at one moment. */
export interface LevelReading {
  window: Window;
  /** Distinct visitors in it. */
  value: number;
  /** Usual visitors of such a window; absent: not known yet. Only of relative thresholds. */
  baseline?: number;
  /** The site's first hit; absent: none came yet. */
  first_hit?: number;
  last_hit?: number;
  /** How far apart such readings are had; absent: one can be had whenever it is asked for. */
  every_ms?: number;
  /** Since when hits were counted without a gap. */
  counting_since: number;
  /** Since when it would have been noticed that a hit came; absent: since they are counted. */
  noticing_since?: number;
  /** After how long without a hit the site counts as silent; absent: it is usual at this hour. */
  silent_after_ms?: number;
}

/** A goal that was reached by a visitor. */
export interface Completion {
  seq: number;
  at: number;
  /** Path; empty: none. */
  page: string;
  /** Decimal number; empty: none. */
  amount: string;
  currency: string;
}

/** Of a goal, what was not told yet: asked for by `completionsWanted`. */
export interface CompletionReading {
  /** The completions after the position that was asked for. */
  count: number;
  /** Their amounts in the goal's currency. */
  revenue: string;
  /** Of the newest completion of all goals. */
  last_seq: number;
  /** The one at the offset that was asked for. */
  next?: Completion;
}
