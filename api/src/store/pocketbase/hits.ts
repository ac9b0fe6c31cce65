import type { HitStore, HitTally } from '../hits.ts';
import { type CallDeps, callRoute } from './call.ts';

interface RecordAnswer {
  config_version: number;
  status: 'recorded' | 'salts_changed';
}

interface TallyAnswer extends Omit<HitTally, 'cursor'> {
  config_version?: number;
  cursor: number;
}

interface SaltsAnswer {
  config_version: number;
  day: string;
  today: string;
  yesterday: string;
  expires_in_ms: number;
}

/** Hits over the PocketBase service's own routes (pocketbase/internal/hits). */
export function createHitStore(deps: CallDeps, sender: string): HitStore {
  return {
    async record(batch) {
      const { status } = await callRoute<RecordAnswer>(deps, 'hits', { sender, ...batch });
      return status;
    },
    async readTally(after) {
      const { since, cursor, sites } = await callRoute<TallyAnswer>(deps, 'hits/tally', { after: Number(after) });
      return { since, cursor: String(cursor), sites };
    },
    async salts() {
      const { day, today, yesterday, expires_in_ms } = await callRoute<SaltsAnswer>(deps, 'salts', {});
      return {
        day,
        today: Buffer.from(today, 'base64'),
        yesterday: yesterday === '' ? undefined : Buffer.from(yesterday, 'base64'),
        expires_in_ms,
      };
    },
  };
}
