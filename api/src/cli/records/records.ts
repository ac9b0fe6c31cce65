import type { Schemas } from '../../../client/schemas.ts';
import { type Kind, SINGULAR } from '../api/names.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { printList } from '../lists/list.ts';
import type { ListFlags } from '../lists/options.ts';
import { printJson } from '../terminal/json.ts';
import { shortened } from '../terminal/output.ts';
import { visible, visibleLine } from '../terminal/visible.ts';
import { type DestinationState, destinationState } from './destination-state.ts';

interface RecordTypes {
  sources: Schemas['Source'];
  destinations: Schemas['Destination'];
  mappings: Schemas['Mapping'];
}
type Shown = RecordTypes[Kind];

const STATE_STYLES = {
  ok: 'green',
  failing: 'red',
  paused: 'yellow',
  disabled: 'yellow',
  unreadable: 'red',
} as const satisfies Record<DestinationState['kind'], string>;

type Column<R> = (record: R, context: CommandContext) => string | Promise<string>;

/** What a list shows of each kind; harmless on a terminal. */
const COLUMNS: { [K in Kind]: Record<string, Column<RecordTypes[K]>> } = {
  sources: {
    VERIFICATION: ({ verification }) => verification,
    URL: ({ name }, { settings }) => visibleLine(`${settings.url}/ingest/${name}`),
  },
  destinations: {
    TYPE: ({ type }) => type,
    URL: ({ url }) => shortened(url),
    STATE: (destination, context) => paintedState(destination, context),
  },
  mappings: {
    SOURCE: ({ source }, { names }) => names.of('sources', source),
    DESTINATION: ({ destination }, { names }) => names.of('destinations', destination),
    FILTER: ({ filter }) => shortened(filter),
  },
};

function paintedState(destination: RecordTypes['destinations'], { output, now }: CommandContext): string {
  const { kind, text } = destinationState(destination, now());
  return output.paint(STATE_STYLES[kind], shortened(text, 80));
}

/** `sources ls` and the others */
export async function listRecords(kind: Kind, flags: ListFlags, context: CommandContext): Promise<void> {
  const list = { path: `/api/v1/${kind}`, query: {}, nothing: `There are no such ${kind}.` } as const;
  await printList({ ...list, table: (records: Shown[]) => recordsTable(kind, records, context) }, flags, context);
}

async function recordsTable(kind: Kind, records: Shown[], context: CommandContext): Promise<void> {
  const { output } = context;
  const columns: [string, Column<Shown>][] = Object.entries(COLUMNS[kind] as Record<string, Column<Shown>>);
  const rows = records.map(async (record) => [
    record.id,
    shortened(record.name),
    record.enabled ? 'yes' : output.paint('yellow', 'no'),
    ...(await Promise.all(columns.map(([, show]) => show(record, context)))),
  ]);
  output.table(
    [SINGULAR[kind].toUpperCase(), 'NAME', 'ENABLED', ...columns.map(([heading]) => heading)],
    await Promise.all(rows),
  );
}

/** `sources show` and the others */
export async function showRecord(kind: Kind, nameOrId: string, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const record = await client.get(`/api/v1/${kind}/{id}`, {
    params: { path: { id: await names.idOf(kind, nameOrId) } },
  });
  if (json) return output.json(record, 2);
  const { id, name, ...fields } = record;
  const inWords = await inPlainWords(record, context);
  output.fields([
    [SINGULAR[kind], visibleLine(name)],
    ['id', id],
    ...Object.entries({ ...inWords, ...fields, ...inWords }).map(([field, value]): [string, string] => [
      field,
      forPeople(value),
    ]),
  ]);
}

/** What a person looks for first, for fields that say it to programs. */
async function inPlainWords(record: Shown, { names, now }: CommandContext): Promise<Record<string, string>> {
  if ('source' in record)
    return {
      source: await names.of('sources', record.source),
      destination: await names.of('destinations', record.destination),
    };
  return 'paused' in record ? { state: destinationState(record, now()).text, health: '' } : {};
}

/** Nothing for what isn't set. */
function forPeople(value: unknown): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return typeof value === 'string' ? visible(value) : printJson(value);
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

/** `sources pause`, `mappings resume` and their like: what `enabled` says. */
export async function switchRecord(
  kind: 'sources' | 'mappings',
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
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf('destinations', nameOrId);
  const result = await client.post('/api/v1/destinations/{id}/pause', { params: { path: { id } } });
  if (json) return output.json(result, 2);
  output.line(`Paused. Deliveries are held from now on, ${result.deliveries} that waited among them; none is lost.`);
  output.note(`Let them go: pockethook destinations resume ${id}`);
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
