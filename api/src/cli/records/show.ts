import type { ItemOf } from '../../../client/client.ts';
import { waitsForHandshake } from '../../../client/handshake.ts';
import type { Schemas } from '../../../client/schemas.ts';
import type { Names } from '../api/names.ts';
import type { CommandContext } from '../context.ts';
import { describeNoun, type Noun } from '../nouns.ts';
import { printJson } from '../terminal/json.ts';
import { visible, visibleLine } from '../terminal/visible.ts';
import { destinationState } from './destination-state.ts';
import { hitsInWords } from './site-hits.ts';
import { statisticsState } from './site-state.ts';

export type RecordTypes = { [K in Noun]: ItemOf<`/api/v1/${K}`> };
export type Shown = RecordTypes[Noun];

type Show<R> = (record: R, context: CommandContext) => string | Promise<string>;
/** Shows the field's value, if it is set. */
const asIs = 'as it is';
/** Hidden, because another line shows it in words. */
const saidElsewhere = 'said elsewhere';
type Place<R> = typeof asIs | typeof saidElsewhere | Show<R>;
/** The lines shown of each kind, in order: first what it is and does, last ids and times. A type check covers every field. */
type Places<R> = { [F in keyof Required<R>]: Place<R> };

const enabled: Show<Pick<Shown, 'enabled'>> = (record) => (record.enabled ? 'yes' : 'no');

const siteHits: Show<Shown> = (record, { now }) => hitsInWords((record as RecordTypes['sites']).hits, now());

const webhookState: Show<Shown> = (record, { now }) => destinationState(record as RecordTypes['webhooks'], now()).text;

const PLACES: { [K in Noun]?: Places<RecordTypes[K]> & Record<string, Place<RecordTypes[K]>> } = {
  sources: {
    name: asIs,
    enabled,
    unreadable: asIs,
    url: ({ name }, { settings }) => ingestUrl(name, settings),
    preset: asIs,
    verification: asIs,
    verification_options: asIs,
    secrets: secretsInWords,
    secret_unshown: saidElsewhere,
    event_type: asIs,
    dedupe_key: asIs,
    split: asIs,
    extract: asIs,
    answer: asIs,
    not_redacted: asIs,
    when_paused: asIs,
    on_malformed: asIs,
    cors_origins: asIs,
    rate_limit: asIs,
    max_body_bytes: asIs,
    created: asIs,
    updated: asIs,
    account: asIs,
    id: asIs,
  },
  destinations: {
    name: asIs,
    description: asIs,
    type: asIs,
    state: (record, { now }) => destinationState(record, now()).text,
    enabled: saidElsewhere,
    disabled_reason: saidElsewhere,
    paused: saidElsewhere,
    health: saidElsewhere,
    unreadable: asIs,
    method: asIs,
    url: (destination) => destinationUrl(destination),
    headers: asIs,
    relay: asIs,
    secrets: asIs,
    secrets_overlap_until: asIs,
    notifications: asIs,
    ordered: asIs,
    rate_limit: asIs,
    max_concurrency: asIs,
    timeout_ms: asIs,
    success: asIs,
    retry_schedule: asIs,
    created: asIs,
    updated: asIs,
    account: asIs,
    id: asIs,
  },
};

const triggerState: Show<Shown> = (record) => {
  const { phase, since, explanation, until } = (record as RecordTypes['triggers']).state ?? {};
  const standing = since ? `${phase} since ${since}` : (phase ?? '');
  return [standing, [explanation, until && `Until ${until}.`].filter(Boolean).join(' ')].filter(Boolean).join('\n');
};

const siteState: Show<Shown> = (record) => statisticsState(record as RecordTypes['sites']);

const STATES: { [K in Noun]?: Show<Shown> } = { sites: siteState, triggers: triggerState, webhooks: webhookState };

/** The order for kinds without one above: that of the kind's description. */
function placesOf(kind: Noun): Record<string, Place<Shown>> {
  const named =
    (field: string): Show<Shown> =>
    (record, { names }) =>
      namesAt(kind, field, record, names);
  const own = Object.keys(describeNoun(kind).fields).map((field) => [
    field,
    field in describeNoun(kind).references ? named(field) : asIs,
  ]);
  const last = { created: asIs, updated: asIs, account: asIs, id: asIs } as const;
  const state = STATES[kind];
  const hits: Record<string, Show<Shown>> = kind === 'sites' ? { hits: siteHits } : {};
  return {
    name: asIs,
    ...(kind === 'webhooks' ? {} : { enabled }),
    ...(state && { state }),
    ...hits,
    unreadable: asIs,
    ...Object.fromEntries(own),
    ...last,
  };
}

/** The names of the one or several records that a field refers to. */
export async function namesAt(kind: Noun, field: string, record: Shown, names: Names): Promise<string> {
  const end = describeNoun(kind).references[field] as Noun;
  const ids = [(record as Record<string, unknown>)[field]].flat().filter(Boolean) as string[];
  return (await Promise.all(ids.map((id) => names.of(end, id)))).join(', ');
}

/** `sources show` and the others */
export async function showRecord(kind: Noun, nameOrId: string, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf(kind, nameOrId);
  const record: Shown = await client.get(`/api/v1/${kind}/{id}`, { params: { path: { id } } });
  if (json) return output.json(record, 2);
  const places = Object.entries((PLACES[kind] ?? placesOf(kind)) as Record<string, Place<Shown>>);
  const fields = places.map(async ([field, place]): Promise<[string, string]> => {
    if (place === saidElsewhere) return [field, ''];
    return [field, place === asIs ? forPeople(record[field as keyof Shown]) : await place(record, context)];
  });
  output.fields(await Promise.all(fields));
}

export const NO_URL_YET = 'no URL yet';

/** Empty if there is none. */
export function destinationUrl({ url, type, unreadable }: Pick<Schemas['Destination'], 'url' | 'type' | 'unreadable'>) {
  return url === '' && type !== 'inbox' && unreadable === undefined ? NO_URL_YET : visibleLine(url);
}

export function ingestUrl(source: string, { url }: CommandContext['settings']): string {
  return visibleLine(`${url}/ingest/${source}`);
}

/** Masked; and what is to be done where a handshake brings them. */
function secretsInWords(source: RecordTypes['sources'], { settings }: CommandContext): string {
  if (source.secrets.length === 0) return waitsForHandshake(source) ? WAITS : '';
  const shown = forPeople(source.secrets);
  if (!source.secret_unshown) return shown;
  return `${shown}\nTo enter it at the vendor, see it once: ${settings.program} sources reveal ${visibleLine(source.name)}`;
}

export const WAITS = "none yet: the vendor's handshake brings it, and no event is taken before";

const ONE_LINE = 100;

/** Empty for unset values; 0 and false count as unset, since they are the defaults. */
function forPeople(value: unknown): string {
  if (!value || (typeof value === 'object' && Object.keys(value).length === 0)) return '';
  if (typeof value === 'string') return visible(value);
  if (value === true) return 'yes';
  const line = printJson(value);
  return line.length > ONE_LINE ? printJson(value, 2) : line;
}
