import type { AccountScope, Actor, Page, PageRequest } from './records.ts';
import type { Write } from './write.ts';

/** An operator's key has no account and sees every one. */
export type KeyRole = 'operator' | 'admin' | 'viewer';

export interface ApiKey {
  id: string;
  /** Empty for an operator's key. */
  account: string;
  name: string;
  /** How the key begins. */
  prefix: string;
  role: KeyRole;
  /** Id of the user or operator with whom it ends; empty: made before that was kept. */
  made_by: string;
  /** Written at most once a minute; null: never used. */
  last_used_at: string | null;
  /** Null: never. */
  expires_at: string | null;
  created: string;
}

export type NewApiKey = Pick<ApiKey, 'name' | 'prefix' | 'role' | 'account' | 'made_by' | 'expires_at'> & {
  /** SHA-256 of the key, in hex. */
  hash: string;
};

/** Keys for programs. Rejects with Problem `not_found`, `validation_failed` or `store_unavailable`. */
export interface ApiKeys {
  list(scope: AccountScope, page: PageRequest): Promise<Page<ApiKey>>;
  create(key: NewApiKey, write: Write): Promise<ApiKey>;
  remove(id: string, scope: AccountScope, write: Write): Promise<void>;
  /** Undefined: there is no such key, or it has run out. */
  identify(key: string): Promise<Actor | undefined>;
}
