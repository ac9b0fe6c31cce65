import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import type { Column } from '../terminal/table.ts';
import { relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface AuditListFlags extends ListFlags, TimeFlags {
  subject?: string;
  kind?: string;
  action?: string;
  actor?: string;
}

type Outcome = Schemas['ManyDeliveries']['outcomes'][number];

const COLUMNS: Column[] = [
  { heading: 'WHEN' },
  { heading: 'WHO', cutTo: 12 },
  { heading: 'VIA', optional: 2 },
  { heading: 'ACTION' },
  { heading: 'NAME', cutTo: 12 },
  { heading: 'CHANGED', cutTo: 12 },
  { heading: 'SUBJECT', optional: 1 },
];

/** `audit ls` */
export async function listAudit(flags: AuditListFlags, context: CommandContext): Promise<void> {
  const { subject, kind, action, actor } = flags;
  const query = { subject, subject_type: kind, action, actor, ...timesOf(flags, context.now()) };
  const table = (rows: Schemas['AuditRow'][]) => auditTable(rows, context);
  await printList(
    { path: '/api/v1/audit', query, nothing: 'Nothing of that kind is on record.', table },
    flags,
    context,
  );
}

function auditTable(rows: Schemas['AuditRow'][], { output, now }: CommandContext): void {
  output.table(
    COLUMNS,
    rows.map((row) => [
      relativeTime(row.created, now()),
      visibleLine(row.actor),
      visibleLine(row.via),
      visibleLine(row.action),
      visibleLine(detailOf(row).name),
      visibleLine(changedFields(row)),
      visibleLine(row.subject),
    ]),
  );
}

/** The contract doesn't define the detail of each action. */
function detailOf({ detail }: Schemas['AuditRow']): { name?: string; changes?: object; outcomes?: Outcome[] } {
  return detail ?? {};
}

/** Names the changed fields, since values are long (`--json` has them); for commands on many deliveries, their number. */
function changedFields(row: Schemas['AuditRow']): string {
  const { changes = {}, outcomes } = detailOf(row);
  if (!outcomes) return Object.keys(changes).join(', ');
  return `${outcomes.reduce((sum, { deliveries }) => sum + deliveries, 0)} deliveries`;
}
