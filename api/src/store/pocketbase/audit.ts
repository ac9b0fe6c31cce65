import type PocketBase from 'pocketbase';
import type { AuditRow, ListAudit } from '../audit.ts';
import { listPage } from './pages.ts';
import { type Condition, during } from './rows.ts';

const FIELDS = 'id,account,actor,via,correlation_id,action,subject_type,subject,detail,created';

/** The audit, which the service writes in the transactions that it tells of (pocketbase/internal/edits/changes.go). */
export function createListAudit({ pb }: { pb: PocketBase }): ListAudit {
  return ({ subject, subject_type, action, actor, ...times }, scope, page) => {
    const conditions: Condition[] = [
      ['account = {:0}', scope],
      ['subject = {:0}', subject],
      ['subject_type = {:0}', subject_type],
      ['action = {:0}', action],
      ['actor = {:0}', actor],
      ...during('created', times),
    ];
    const query = { collection: 'audit', fields: FIELDS, conditions, by: 'created', newestFirst: true } as const;
    return listPage<AuditRow>(pb, query, page);
  };
}
