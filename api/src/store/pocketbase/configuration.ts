import type PocketBase from 'pocketbase';
import { type KindName, kindsOf, type ViewName } from '../../kinds/index.ts';
import type { Reading } from '../reading.ts';
import { type CallDeps, callRoute } from './call.ts';
import { subscribe } from './realtime.ts';
import type { Decrypt } from './secrets.ts';
import { type RawRecord, readRecords } from './stored-records.ts';

interface ConfigAnswer<K extends KindName> {
  config_version: number;
  /** File name of the newest migration that was applied. */
  schema: string;
  /** Null: the records are all that there are. */
  since: number | null;
  records: Record<K, RawRecord[]>;
  deleted: Record<K, string[]>;
}

/** All of 10,000 sites with 20,000 triggers are 13 MB, which a busy machine takes seconds for. */
const READING_MS = 10_000;
const TOPIC = 'pockethook/config';
/** Somebody's token or key may have ended (pocketbase/internal/access/users.go). */
const ACCESS_TOPIC = 'pockethook/access';

/**
 * Reads a part of the configuration in one transaction, with its secrets decrypted, and the schema's version.
 * @param since the version that the caller has; undefined: it has none
 */
export async function loadConfiguration<K extends KindName>(
  deps: CallDeps & { decrypt: Decrypt },
  view: ViewName,
  since: number | undefined,
  signal: AbortSignal,
): Promise<Reading<K> & { schema: string }> {
  const query = new URLSearchParams({ view, ...(since !== undefined && { since: String(since) }) });
  // Whoever asks knows the version that comes of it.
  const calls = { ...deps, onConfigVersion: () => undefined };
  const answer = await callRoute<ConfigAnswer<K>>(calls, `config?${query}`, undefined, READING_MS, signal);
  const kinds = kindsOf(view) as K[];
  const readings = kinds.map((kind) => [kind, readRecords(kind, answer.records[kind], deps.decrypt)] as const);
  return {
    version: answer.config_version,
    schema: answer.schema,
    since: answer.since ?? undefined,
    deleted: answer.deleted,
    ...Object.fromEntries(readings.map(([kind, { records }]) => [kind, records])),
    unreadable: readings.flatMap(([, { unreadable }]) => unreadable),
  } as object as Reading<K> & { schema: string };
}

/**
 * Tells of every change of the configuration or of people and keys, within the realtime connection's delay; and of each new
 * connection, since a change may have been missed before it.
 */
export function watchConfiguration(
  pb: PocketBase,
  onVersion: Record<ViewName, (version: number) => void>,
  onAccessChange: () => void,
  onConnect: () => void,
): Promise<() => Promise<void>> {
  const tell = (view: ViewName) => (message: unknown) =>
    onVersion[view]((message as { config_version: number }).config_version);
  const listeners = {
    [TOPIC]: tell('gateway'),
    [`${TOPIC}/notifications`]: tell('notifications'),
    [ACCESS_TOPIC]: onAccessChange,
  };
  return subscribe(pb, listeners, onConnect);
}
