/** How long history is kept, in days; 0: for ever. */
export interface RetentionPeriods {
  /** Events with their bodies, deliveries and attempts, and rejections. */
  days: number;
  auditDays: number;
}

export const RETAINED_KINDS = ['events', 'deliveries', 'attempts', 'rejections', 'audit', 'freed_pages'] as const;

/** What one call deleted; `freed_pages` were given back to the file system. */
export type Retained = Record<(typeof RETAINED_KINDS)[number], number>;

export interface RetainAnswer {
  deleted: Retained;
  /** The call's time was used up: go on with `after`. */
  more: boolean;
  after: string;
  /** The longest that others had to wait for the store's writing connection. */
  longest_hold_ms: number;
}

/**
 * Deletes for about half a second what is older and final; whoever calls twice deletes nothing twice.
 * @param after where the call before ended; empty: from the beginning
 * Rejects with Problem `store_unavailable`.
 */
export type Retain = (periods: RetentionPeriods, after: string) => Promise<RetainAnswer>;
