/** A hit as it is stored: nothing in it says who it was. */
export interface StoredHit {
  site: string;
  /** Keyed hashes of 16 bytes in base64, by today's salt and by yesterday's; empty: there is none. */
  visitor: string;
  previous: string;
  /** It keeps a visit going that is there, and counts nowhere else. */
  sign_of_life: boolean;
  /** Milliseconds since it came: the time itself is told by the store's clock. */
  age_ms: number;
  /** Path of a pageview; empty: it is none. */
  page: string;
  /** Where the visit came from; empty: directly. */
  source: string;
  completions: Completion[];
}

/** A goal that a hit completed, on which page, and for how much: a decimal number, or empty. */
export interface Completion {
  goal: string;
  page: string;
  amount: string;
  currency: string;
}

/** Hits of a site that were not kept. No site: none has the domain. */
export interface DroppedHits {
  site: string;
  reason: string;
  count: number;
}

export interface HitBatch {
  /** Rising. A batch that is sent again counts once. */
  batch: number;
  /** Of the salt by which the visitors were hashed. */
  day: string;
  items: StoredHit[];
  dropped: DroppedHits[];
}

/** What visitors are hashed with. They are never written anywhere but encrypted, by the store. */
export interface Salts {
  day: string;
  today: Buffer;
  yesterday: Buffer | undefined;
  /** Milliseconds until the day is over. */
  expires_in_ms: number;
}

/** Hits since the store began to count, of the sites that had any since a cursor. */
export interface HitTally {
  /** Milliseconds since the epoch. */
  since: number;
  /** Opaque. */
  cursor: string;
  /** Dropped by reason; an empty site: none has the domain. */
  sites: { site: string; hits: number; dropped: Record<string, number> }[];
}

export interface HitStore {
  /**
   * Durable when it resolves with `recorded`. `salts_changed`: a day has begun since, and nothing was stored.
   * Rejects with Problem `store_unavailable`.
   */
  record(batch: HitBatch): Promise<'recorded' | 'salts_changed'>;
  salts(): Promise<Salts>;
  /** @param after a cursor of the tally before; '': there is none */
  readTally(after: string): Promise<HitTally>;
}
