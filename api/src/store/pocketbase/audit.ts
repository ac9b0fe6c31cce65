import type PocketBase from 'pocketbase';
import type { AuditRow, ListAudit } from '../audit.ts';
import { listNewest } from './list-newest.ts';

const FIELDS = 'id,account,actor,via,correlation_id,action,subject_type,subject,detail,created';

/** The audit, which the service writes in the transactions that it tells of (pocketbase/internal/edits/changes.go). */
export function createListAudit({ pb }: { pb: PocketBase }): ListAudit {
  return ({ subject, action, actor, ...during }, scope, page) => {
    const conditions = [
      scope && pb.filter('account = {:scope}', { scope }),
      subject && pb.filter('subject = {:subject}', { subject }),
      action && pb.filter('action = {:action}', { action }),
      actor && pb.filter('actor = {:actor}', { actor }),
    ];
    return listNewest<AuditRow>(pb, { collection: 'audit', fields: FIELDS, conditions, during, by: 'created' }, page);
  };
}
