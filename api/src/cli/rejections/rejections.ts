import type { CommandContext } from '../context.ts';
import { relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface RejectionListFlags {
  source?: string;
  limit: number;
  cursor?: string;
}

/** `rejections ls` */
export async function listRejections(flags: RejectionListFlags, context: CommandContext): Promise<void> {
  const { client, names, output, now, json } = context;
  const source = flags.source === undefined ? undefined : await names.idOf('sources', flags.source);
  const page = await client.list('/api/v1/rejections', { source, cursor: flags.cursor }, flags.limit);
  if (json) return output.json(page, 2);
  if (page.data.length === 0) return output.note('No such request was refused.');
  const rows = page.data.map(async (rejection) => [
    relativeTime(rejection.received_at, now()),
    await names.of('sources', rejection.source),
    visibleLine(rejection.verification_failure || rejection.code),
    // Says what to do, and that stands at its end.
    visibleLine(rejection.detail),
  ]);
  output.table(['RECEIVED', 'SOURCE', 'REASON', 'DETAIL'], await Promise.all(rows));
  if (page.next_cursor) output.note(`There are more: add --cursor ${visibleLine(page.next_cursor)}`);
}
