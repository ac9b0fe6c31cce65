import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import type { Column } from '../terminal/table.ts';
import { relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface RejectionListFlags extends ListFlags, TimeFlags {
  source?: string;
}

const COLUMNS: Column[] = [
  { heading: 'RECEIVED' },
  { heading: 'SOURCE', cutTo: 12 },
  { heading: 'REASON', optional: 1 },
  // Says at its end what to do.
  { heading: 'DETAIL', wrapTo: 30 },
];

/** `rejections ls` */
export async function listRejections(flags: RejectionListFlags, context: CommandContext): Promise<void> {
  const { names, now } = context;
  const source = flags.source === undefined ? undefined : await names.idOf('sources', flags.source);
  const query = { source, ...timesOf(flags, now()) };
  const table = (rejections: Schemas['Rejection'][]) => rejectionsTable(rejections, context);
  await printList(
    { path: '/api/v1/rejections', query, nothing: 'No such request was refused.', table },
    flags,
    context,
  );
}

async function rejectionsTable(rejections: Schemas['Rejection'][], { names, output, now }: CommandContext) {
  const rows = rejections.map(async (rejection) => [
    relativeTime(rejection.received_at, now()),
    await names.of('sources', rejection.source),
    visibleLine(rejection.verification_failure || rejection.code),
    visibleLine(rejection.detail),
  ]);
  output.table(COLUMNS, await Promise.all(rows));
}
