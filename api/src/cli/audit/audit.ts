import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { shortened } from '../terminal/output.ts';
import { parseSince, relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface AuditListFlags {
  subject?: string;
  action?: string;
  actor?: string;
  since?: string;
  to?: string;
  limit: number;
  cursor?: string;
}

/** `audit ls` */
export async function listAudit(flags: AuditListFlags, { client, output, now, json }: CommandContext): Promise<void> {
  const { since, to, limit, ...filter } = flags;
  const query = {
    ...filter,
    from: since === undefined ? undefined : parseSince(since, now()),
    to: to === undefined ? undefined : parseSince(to, now()),
  };
  const page = await client.list('/api/v1/audit', query, limit);
  if (json) return output.json(page, 2);
  if (page.data.length === 0) return output.note('Nothing of that kind is on record.');
  output.table(
    ['WHEN', 'WHO', 'VIA', 'ACTION', 'NAME', 'CHANGED', 'SUBJECT'],
    page.data.map((row) => [
      relativeTime(row.created, now()),
      shortened(row.actor),
      visibleLine(row.via),
      visibleLine(row.action),
      shortened(detailOf(row).name),
      shortened(changedFields(row)),
      visibleLine(row.subject),
    ]),
  );
  if (page.next_cursor) output.note(`There are more: add --cursor ${visibleLine(page.next_cursor)}`);
}

/** The contract leaves the detail of each action open. */
function detailOf({ detail }: Schemas['AuditRow']): { name?: string; changes?: object } {
  return detail ?? {};
}

/** What the fields were and are is long, and for `--json`. */
function changedFields(row: Schemas['AuditRow']): string {
  return Object.keys(detailOf(row).changes ?? {}).join(', ');
}
