import type PocketBase from 'pocketbase';
import { withTimeout } from './faults.ts';

export interface AuditEntry {
  action: string;
  actor: string;
  subject_type: string;
  subject: string;
  detail: Record<string, unknown>;
}

/** Adds a row to the audit of one account. */
export async function auditFor(pb: PocketBase, account: string, entry: AuditEntry): Promise<void> {
  await pb.collection('audit').create({ ...entry, account }, withTimeout());
}

/** What belongs to no account is audited in the operators' own. */
export async function auditForOperators(pb: PocketBase, entry: AuditEntry): Promise<void> {
  const { id } = await pb.collection('accounts').getFirstListItem('name = "default"', withTimeout());
  await auditFor(pb, id, entry);
}
