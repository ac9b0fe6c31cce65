/** How reading somebody else's statistics of a site goes. Times are milliseconds since the epoch. */
export interface StatisticsHealth {
  site: string;
  /** When visitors were read last; 0: never. */
  read_at: number;
  /** Why a question had no answer; null: all had one. */
  problem: { code: string; message: string; since: number; retry_at: number } | null;
}

/** Written by the process that reads, for all of them to show. Calls reject with Problem `store_unavailable`. */
export interface StatisticsStore {
  save(items: StatisticsHealth[]): Promise<void>;
  /** Of sites that were read, or tried to be. */
  read(sites: string[]): Promise<StatisticsHealth[]>;
}
