import { EventSource } from 'eventsource';
import type PocketBase from 'pocketbase';
import type { Configuration, Destination, Mapping, Source } from '../../model/configuration.ts';
import { type CallDeps, callRoute } from './call.ts';
import type { Decrypt } from './secrets.ts';

interface ConfigAnswer {
  config_version: number;
  /** File name of the newest migration that was applied. */
  schema: string;
  sources: Source[];
  destinations: Destination[];
  mappings: Mapping[];
}

const TOPIC = 'pockethook/config';

/** Reads the whole configuration in one transaction, with its secrets decrypted, and the schema's version. */
export async function loadConfiguration(deps: CallDeps, decrypt: Decrypt): Promise<Configuration & { schema: string }> {
  const answer = await callRoute<ConfigAnswer>(deps, 'config');
  return {
    version: answer.config_version,
    schema: answer.schema,
    sources: answer.sources.map((source) => ({ ...source, secrets: secretsOf('sources', source, decrypt) })),
    destinations: answer.destinations.map((destination) => ({
      ...destination,
      url: decrypt(destination.url, { collection: 'destinations', record: destination.id, field: 'url' }),
      headers: headersOf(destination, decrypt),
      secrets: secretsOf('destinations', destination, decrypt),
    })),
    mappings: answer.mappings,
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

/** A list that was emptied in a form is an empty text. */
export function secretsOf(
  collection: string,
  record: { id: string; secrets: string[] | '' | null },
  decrypt: Decrypt,
): string[] {
  return (record.secrets || []).map((secret) => decrypt(secret, { collection, record: record.id, field: 'secrets' }));
}

function headersOf(destination: Destination, decrypt: Decrypt): Record<string, string> | null {
  if (!destination.headers) return null;
  const place = { collection: 'destinations', record: destination.id, field: 'headers' };
  return Object.fromEntries(Object.entries(destination.headers).map(([name, value]) => [name, decrypt(value, place)]));
}
