import type { DestinationHealth, DestinationTypeName } from '../model/configuration.ts';
import type { AccountScope } from './records.ts';

/** What came and went in a time. */
export interface TrafficCounts {
  events: number;
  attempts: number;
  failed_attempts: number;
  /** Deliveries that came to their end. */
  delivered: number;
  dead: number;
  /** Within which 95 of 100 attempts ended; null: there was none. */
  p95_ms: number | null;
}

/** What somebody looks at first. Times by RFC 3339. */
export interface Overview {
  range: OverviewRange;
  from: string;
  to: string;
  bucket_s: number;
  totals: TrafficCounts;
  /** Of the time before, as long. */
  previous: TrafficCounts;
  series: (TrafficCounts & { at: string })[];
  backlog: {
    pending: number;
    delivering: number;
    held: number;
    /** There are more; they were not all counted. */
    capped: boolean;
    /** Since when the one that waits for the longest time is due; null: none waits. */
    oldest_due_at: string | null;
  };
  /** Those that fail for the longest time first. */
  failing_destinations: FailingDestination[];
  /** Without a hit for an hour; the last one that was heard of first. */
  silent_sites: {
    id: string;
    account: string;
    name: string;
    domain: string;
    last_hit: string | null;
    problem: string | null;
  }[];
}

export interface FailingDestination {
  id: string;
  account: string;
  name: string;
  type: DestinationTypeName;
  enabled: boolean;
  paused: boolean;
  disabled_reason: string;
  health: DestinationHealth;
  /** Deliveries that are not final; 5,000 at most are counted. */
  waiting: number;
}

export const OVERVIEW_RANGES = ['hour', 'day'] as const;
export type OverviewRange = (typeof OVERVIEW_RANGES)[number];

/** Takes milliseconds, however long the history is. Rejects with Problem `store_unavailable`. */
export type ReadOverview = (range: OverviewRange, scope: AccountScope) => Promise<Overview>;
