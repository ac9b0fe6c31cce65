import type PocketBase from 'pocketbase';
import type { AuditRow, ReadDeletedNames } from '../audit.ts';
import { type Condition, findRows } from './rows.ts';

/** Deletions by hand are in the audit, each with the last name of the record: nothing else has to be kept of it. */
export function createReadDeletedNames({ pb }: { pb: PocketBase }): ReadDeletedNames {
  return async (ids, scope) => {
    const isOne = ids.map((_, index) => `subject = {:${index}}`).join(' || ');
    const conditions: Condition[] = [
      ['account = {:0}', scope],
      ['action ~ {:0}', '%.delete'],
      [`(${isOne})`, ...ids],
    ];
    const rows = await findRows<AuditRow>(pb, {
      collection: 'audit',
      fields: 'subject_type,subject,detail,created',
      conditions,
      sort: '-created',
      limit: ids.length,
    });
    return rows.map(({ subject_type, subject, detail, created }) => ({
      kind: subject_type,
      id: subject,
      name: String(detail?.name ?? subject),
      deleted_at: created,
    }));
  };
}
