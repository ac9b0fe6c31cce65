import type { Account } from './records.ts';
import type { Write } from './write.ts';

/** Accounts, for operators. Rejects with Problem `not_found`, `validation_failed`, `conflict`, `idempotency_key_reused` or `store_unavailable`. */
export interface Accounts {
  create(name: string, write: Write): Promise<Account>;
  rename(id: string, name: string, write: Write): Promise<Account>;
}
