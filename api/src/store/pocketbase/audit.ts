import { type CallDeps, callRoute } from './call.ts';

export interface AuditEntry {
  /** Whose audit; empty: what concerns the whole installation stands in the operators' own account. */
  account: string;
  action: string;
  actor: string;
  subject_type: string;
  subject: string;
  detail: Record<string, unknown>;
}

/** Adds a row to the audit. Rejects with Problem `store_unavailable`, or what the service refused. */
export type WriteAudit = (entry: AuditEntry) => Promise<void>;

export function createWriteAudit(deps: CallDeps & { makeId: () => string }): WriteAudit {
  return async (entry) => {
    await callRoute(deps, 'audit', { id: deps.makeId(), ...entry });
  };
}
