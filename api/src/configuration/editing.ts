import { type KindName, kindOf } from '../kinds/index.ts';
import type { Cache } from '../store/configuration-cache.ts';
import type { AccountScope, Records, RecordTypes, Stored } from '../store/records.ts';
import type { Once, Write } from '../store/write.ts';
import type { NewSecret } from './new-secrets.ts';

export interface EditingDeps {
  records: Pick<Records, 'create' | 'update' | 'remove'>;
  newSecret: NewSecret;
  /** The part of the configuration in force that a kind is in. */
  viewOf: (kind: KindName) => Pick<Cache<unknown>, 'refresh'>;
}

/** Edits configuration records. A change is in force in this process when the promise resolves. Rejects as `Records` does. */
export interface Editing {
  /** Generates a secret for a record that needs one and has none; it is shown in this result only. */
  create<K extends keyof RecordTypes>(
    kind: K,
    fields: Partial<RecordTypes[K]>,
    scope: AccountScope,
    write: Write & { once: Once },
  ): Promise<Stored<RecordTypes[K]>>;
  update: Records['update'];
  remove: Records['remove'];
}

export function createEditing({ records, newSecret, viewOf }: EditingDeps): Editing {
  /** The change is stored, so an error on reading it back must not look like a failure; realtime delivers it soon. */
  async function inForce<T>(kind: KindName, change: Promise<T>): Promise<T> {
    const result = await change;
    await viewOf(kind)
      .refresh()
      .catch(() => undefined);
    return result;
  }

  return {
    async create(kind, fields, scope, write) {
      const secret = 'secrets' in fields ? undefined : kindOf(kind).makeSecret?.(fields, newSecret(write.once));
      const secrets = secret === undefined ? {} : { secrets: [secret] };
      const record = await inForce(kind, records.create(kind, { ...fields, ...secrets }, scope, write));
      return secret !== undefined && isStill(secret, record) ? { ...record, ...secrets } : record;
    },
    update: (kind, id, fields, scope, write) => inForce(kind, records.update(kind, id, fields, scope, write)),
    remove: (kind, id, scope, write) => inForce(kind, records.remove(kind, id, scope, write)),
  };
}

/** Whether the generated secret is still stored: when a request is repeated, it or the encryption key may have changed. */
export function isStill(secret: string, record: object): boolean {
  const [masked] = (record as { secrets?: string[] }).secrets ?? [];
  return masked?.slice(-4) === secret.slice(-4);
}
