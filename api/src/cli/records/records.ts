import type { CommandContext } from '../context.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import { describeNoun, type Noun } from '../nouns.ts';
import type { Cell, Column } from '../terminal/table.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type DestinationState, destinationState } from './destination-state.ts';
import { destinationUrl, ingestUrl, namesAt, type RecordTypes, type Shown } from './show.ts';
import { hitsInWords } from './site-hits.ts';

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
const COLUMNS: { [K in Noun]?: ListColumn<RecordTypes[K]>[] } = {
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
  webhooks: [
    NAME,
    { heading: 'STATE', cutTo: 24, show: (webhook, { now }) => stateCell(webhook, now()) },
    { heading: 'URL', cutTo: 20, show: ({ url }) => visibleLine(url) },
    { heading: 'SITES', cutTo: 20, show: (record, { names }) => namesAt('webhooks', 'sites', record, names) },
    ID,
  ],
  sites: [
    NAME,
    ENABLED,
    { heading: 'DOMAIN', show: ({ domain }) => domain },
    { heading: 'HITS', cutTo: 24, show: ({ hits }, { now }) => hitsCell(hits, now()) },
    { heading: 'TIMEZONE', optional: 1, show: ({ timezone }) => timezone },
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

function referenceColumns(kind: Noun): ListColumn<Shown>[] {
  const references = Object.keys(describeNoun(kind).references);
  return references.map((field) => ({
    ...{ heading: field.toUpperCase(), cutTo: 12 },
    show: (record, { names }) => namesAt(kind, field, record, names),
  }));
}

function hitsCell(hits: RecordTypes['sites']['hits'], now: number): Cell {
  const text = hitsInWords(hits, now);
  return hits?.silent ? { text, style: 'red' } : text;
}

function stateCell(destination: Parameters<typeof destinationState>[0], now: number): Cell {
  const { kind, text } = destinationState(destination, now);
  return { text, style: STATE_STYLES[kind] };
}

export interface RecordsFlags extends ListFlags, TimeFlags {
  /** Of what lies within sites; by name, domain or id. */
  site?: string;
}

/** `sources ls` and the others */
export async function listRecords(kind: Noun, flags: RecordsFlags, context: CommandContext): Promise<void> {
  const site = flags.site === undefined ? {} : { site: await context.names.idOf('sites', flags.site) };
  const list = {
    path: `/api/v1/${kind}`,
    query: { ...timesOf(flags, context.now()), ...site },
    nothing: `There are no such ${kind}.`,
  } as const;
  await printList({ ...list, table: (records: Shown[]) => recordsTable(kind, records, context) }, flags, context);
}

async function recordsTable(kind: Noun, records: Shown[], context: CommandContext): Promise<void> {
  const columns = (COLUMNS[kind] ?? [NAME, ENABLED, ...referenceColumns(kind), ID]) as ListColumn<Shown>[];
  const rows = records.map((record) => Promise.all(columns.map(({ show }) => show(record, context))));
  context.output.table(columns, await Promise.all(rows));
}

/** `sources pause`, `mappings resume` and others: set `enabled`. */
export async function switchRecord(
  kind: Noun,
  nameOrId: string,
  enabled: boolean,
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf(kind, nameOrId);
  const record = await client.patch(`/api/v1/${kind}/{id}`, { params: { path: { id } }, body: { enabled } });
  if (json) return output.json({ id: record.id, enabled: record.enabled }, 2);
  output.line(record.enabled ? 'Resumed.' : 'Paused.');
}
