import { EventSource } from 'eventsource';
import type PocketBase from 'pocketbase';
import { KIND_NAMES, type KindName, type RecordTypes } from '../../kinds/index.ts';
import type { Configuration } from '../../model/configuration.ts';
import { type CallDeps, callRoute } from './call.ts';
import type { Decrypt } from './secrets.ts';
import { type RawRecord, type Readings, readRecords } from './stored-records.ts';

interface ConfigAnswer {
  config_version: number;
  /** File name of the newest migration that was applied. */
  schema: string;
  records: Record<KindName, RawRecord[]>;
}

const TOPIC = 'pockethook/config';

/** Reads the whole configuration in one transaction, with its secrets decrypted, and the schema's version. */
export async function loadConfiguration(deps: CallDeps, decrypt: Decrypt): Promise<Configuration & { schema: string }> {
  const answer = await callRoute<ConfigAnswer>(deps, 'config');
  const read = <K extends KindName>(kind: K) => readRecords(kind, answer.records[kind], decrypt);
  const readings = Object.fromEntries(KIND_NAMES.map((kind) => [kind, read(kind)])) as {
    [K in KindName]: Readings<RecordTypes[K]>;
  };
  const records = Object.fromEntries(KIND_NAMES.map((kind) => [kind, readings[kind].records])) as unknown as {
    [K in KindName]: RecordTypes[K][];
  };
  return {
    version: answer.config_version,
    schema: answer.schema,
    ...records,
    unreadable: KIND_NAMES.flatMap((kind) => readings[kind].unreadable),
  };
}

/**
 * Tells of every configuration change, within the realtime connection's delay; and of each new
 * connection, since a change may have been missed before it.
 */
export async function watchConfiguration(
  pb: PocketBase,
  onVersion: (version: number) => void,
  onConnect: () => void,
): Promise<() => Promise<void>> {
  // The SDK takes EventSource from the global scope, where browsers have it and Node 20 has none.
  globalThis.EventSource ??= EventSource as unknown as typeof globalThis.EventSource;
  await pb.realtime.subscribe(TOPIC, (message: { config_version: number }) => onVersion(message.config_version));
  await pb.realtime.subscribe('PB_CONNECT', onConnect);
  // All at once: the SDK then closes the connection without asking the service, which may be gone.
  return () => pb.realtime.unsubscribe();
}
