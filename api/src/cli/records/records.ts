import { kindOf } from '../../kinds/index.ts';
import type { Kind } from '../api/names.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import type { Cell, Column } from '../terminal/table.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type DestinationState, destinationState } from './destination-state.ts';
import { destinationUrl, ingestUrl, namesAt, type RecordTypes, type Shown } from './show.ts';

const STATE_STYLES = {
  ok: 'green',
  failing: 'red',
  paused: 'yellow',
  disabled: 'yellow',
  unreadable: 'red',
} as const satisfies Record<DestinationState['kind'], string>;

type Show<R> = (record: R, context: CommandContext) => Cell | Promise<Cell>;
type ListColumn<R> = Column & { show: Show<R> };

const NAME: ListColumn<Shown> = { heading: 'NAME', cutTo: 20, show: ({ name }) => visibleLine(name) };
const ENABLED: ListColumn<Shown> = {
  heading: 'ENABLED',
  show: ({ enabled }) => (enabled ? 'yes' : { text: 'no', style: 'yellow' }),
};
/** Every command accepts a name in place of an id. */
const ID: ListColumn<Shown> = { heading: 'ID', optional: 2, show: ({ id }) => id };

/** The columns of each kind's list, with control characters escaped; for other kinds, their references. */
const COLUMNS: { [K in Kind]?: ListColumn<RecordTypes[K]>[] } = {
  sources: [
    NAME,
    ENABLED,
    { heading: 'VERIFICATION', show: ({ verification }) => verification },
    { heading: 'URL', optional: 1, show: ({ name }, { settings }) => ingestUrl(name, settings) },
    ID,
  ],
  destinations: [
    NAME,
    { heading: 'TYPE', show: ({ type }) => type },
    { heading: 'STATE', cutTo: 24, show: (destination, { now }) => stateCell(destination, now()) },
    { heading: 'URL', cutTo: 20, show: (destination) => destinationUrl(destination) },
    ID,
  ],
  mappings: [
    NAME,
    ENABLED,
    ...referenceColumns('mappings'),
    { heading: 'FILTER', cutTo: 20, show: ({ filter }) => visibleLine(filter) },
    ID,
  ],
};

function referenceColumns(kind: Kind): ListColumn<Shown>[] {
  const references = Object.keys(kindOf(kind).references);
  return references.map((field) => ({
    ...{ heading: field.toUpperCase(), cutTo: 12 },
    show: (record, { names }) => namesAt(kind, field, record, names),
  }));
}

function stateCell(destination: RecordTypes['destinations'], now: number): Cell {
  const { kind, text } = destinationState(destination, now);
  return { text, style: STATE_STYLES[kind] };
}

/** `sources ls` and the others */
export async function listRecords(kind: Kind, flags: ListFlags & TimeFlags, context: CommandContext): Promise<void> {
  const list = {
    path: `/api/v1/${kind}`,
    query: timesOf(flags, context.now()),
    nothing: `There are no such ${kind}.`,
  } as const;
  await printList({ ...list, table: (records: Shown[]) => recordsTable(kind, records, context) }, flags, context);
}

async function recordsTable(kind: Kind, records: Shown[], context: CommandContext): Promise<void> {
  const columns = (COLUMNS[kind] ?? [NAME, ENABLED, ...referenceColumns(kind), ID]) as ListColumn<Shown>[];
  const rows = records.map((record) => Promise.all(columns.map(({ show }) => show(record, context))));
  context.output.table(columns, await Promise.all(rows));
}

/** `destinations test` */
export async function testDestination(
  nameOrId: string,
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf('destinations', nameOrId);
  const attempt = await client.post('/api/v1/destinations/{id}/test', { params: { path: { id } } });
  if (json) output.json(attempt, 2);
  else
    output.line(
      [
        attempt.outcome,
        attempt.status || '',
        `${Math.round(attempt.duration_ms)} ms`,
        visibleLine(attempt.response_body),
      ]
        .filter((part) => part !== '')
        .join('  '),
    );
  if (attempt.outcome !== 'success')
    throw new CommandError(EXIT.failed, `The test event was not delivered: ${visibleLine(attempt.error)}`);
}

/** `sources pause`, `mappings resume` and others: set `enabled`. */
export async function switchRecord(
  kind: Kind,
  nameOrId: string,
  enabled: boolean,
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf(kind, nameOrId);
  const record = await client.patch(`/api/v1/${kind}/{id}`, { params: { path: { id } }, body: { enabled } });
  if (json) return output.json({ id: record.id, enabled: record.enabled }, 2);
  output.line(record.enabled ? 'Resumed.' : 'Paused.');
}

/** `destinations pause` */
export async function pauseDestination(
  nameOrId: string,
  { settings, client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf('destinations', nameOrId);
  const result = await client.post('/api/v1/destinations/{id}/pause', { params: { path: { id } } });
  if (json) return output.json(result, 2);
  output.line(`Paused. Deliveries are held from now on, ${result.deliveries} that waited among them; none is lost.`);
  output.note(`Let them go: ${settings.program} destinations resume ${id}`);
}

export interface ResumeFlags {
  /** Deliveries a second. */
  rate?: number;
}

/** `destinations resume` */
export async function resumeDestination(
  nameOrId: string,
  { rate }: ResumeFlags,
  context: CommandContext,
): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf('destinations', nameOrId);
  const result = await client.post('/api/v1/destinations/{id}/resume', {
    params: { path: { id } },
    body: rate === undefined ? {} : { rate },
  });
  if (json) return output.json(result, 2);
  const pace = rate === undefined ? 'at once' : `${rate} a second`;
  output.line(
    `Resumed. Held deliveries that go out now: ${result.deliveries}${result.deliveries > 0 ? `, ${pace}` : ''}.`,
  );
}
