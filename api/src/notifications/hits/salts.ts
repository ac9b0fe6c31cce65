import type { Clock } from '../../model/ids.ts';
import type { HitStore, Salts } from '../../store/hits.ts';

export interface SaltsDeps {
  read: HitStore['salts'];
  /** Monotonic, in milliseconds: a wrong clock of this machine must not change the day. */
  elapsed: Clock;
}

/** The salts of today, kept in memory until their day is over. */
export interface SaltCache {
  /** Rejects with Problem `store_unavailable`. */
  current(): Promise<Salts>;
  /** The day is over, says the store. */
  forget(): void;
}

export function createSaltCache({ read, elapsed }: SaltsDeps): SaltCache {
  let known: { salts: Salts; until: number } | undefined;
  return {
    async current() {
      if (known && elapsed() < known.until) return known.salts;
      known = undefined;
      const asked = elapsed();
      const salts = await read();
      known = { salts, until: asked + salts.expires_in_ms };
      return salts;
    },
    forget() {
      known = undefined;
    },
  };
}
