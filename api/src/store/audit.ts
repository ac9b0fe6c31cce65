import type { AccountScope, Page, PageRequest, TimeFilter } from './records.ts';

/** What somebody did, or what Pockethook did to the configuration by itself. */
export interface AuditRow {
  id: string;
  /** Empty: it concerns every account. */
  account: string;
  /** `operator:<email>`, `user:<email>`, `key:<prefix> <name>`, or `pockethook`. */
  actor: string;
  /** The way that was taken; empty for `pockethook`. */
  via: string;
  correlation_id: string;
  /** Such as `source.update`. */
  action: string;
  subject_type: string;
  subject: string;
  /** Of a change: `name`, and `changes` with each field `from` and `to`; secrets are masked, long values cut. */
  detail: Record<string, unknown> | null;
  created: string;
}

export interface AuditFilter extends TimeFilter {
  /** Id of the record. */
  subject?: string;
  subject_type?: string;
  action?: string;
  actor?: string;
}

/** A record that is no more. */
export interface DeletedName {
  /** Such as `source`. */
  kind: string;
  id: string;
  /** Its last one. */
  name: string;
  deleted_at: string;
}

/** Those of the ids that belonged to records which somebody deleted, as far as the audit goes back. Rejects with `store_unavailable`. */
export type ReadDeletedNames = (ids: readonly string[], scope: AccountScope) => Promise<DeletedName[]>;

/** Newest first. Rejects with Problem `validation_failed` (cursor) or `store_unavailable`. */
export type ListAudit = (filter: AuditFilter, scope: AccountScope, page: PageRequest) => Promise<Page<AuditRow>>;
