import type { Write } from './write.ts';

/** What the store says after encrypting every secret with the first key. */
export interface Rotation {
  /** This process lacks the first key, so it could read nothing any more: nothing was done. */
  refused: boolean;
  /** Id of the first key, as it stands in each stored secret. */
  key: string;
  /** Secrets encrypted anew, and those that were already. */
  rotated: number;
  current: number;
  /** Secrets that no key opens; as long as there are any, an older key may still be needed. */
  unreadable: { collection: string; id: string; name: string; field: string }[];
}

/** File names of the schema's migrations. */
export interface Migrations {
  applied: string[];
  /** In the store's folder, applied at its next start. */
  pending: string[];
}

/** What operators ask of the store itself. Rejects with Problem `store_unavailable`. */
export interface Upkeep {
  rotateSecrets(write: Write): Promise<Rotation>;
  readMigrations(): Promise<Migrations>;
}
