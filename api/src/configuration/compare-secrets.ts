import type { KindName } from '../kinds/index.ts';
import { Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AccountScope, Records } from '../store/records.ts';

export interface CompareSecretsDeps {
  records: Pick<Records, 'get'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  refreshConfiguration: () => Promise<void>;
}

/**
 * The names of the given fields that differ from the stored ones, secrets in plain text: masks tell too little for whoever
 * has to know whether something must be written.
 * @throws Problem `not_found`, `store_unavailable`
 */
export type CompareSecrets = (
  kind: KindName,
  id: string,
  fields: Record<string, unknown>,
  scope: AccountScope,
) => Promise<string[]>;

export function createCompareSecrets(deps: CompareSecretsDeps): CompareSecrets {
  return async (kind, asked, fields, scope) => {
    const { id } = await deps.records.get(kind, asked, scope);
    await deps.refreshConfiguration();
    const { current } = deps.configuration;
    const record = current.record(kind, id);
    // What can't be read differs from whatever is given: so it is written anew.
    if (!record && !current.unreadableRecord(id)) throw new Problem('not_found', `There is no record ${id} any more.`);
    const stored: Record<string, unknown> = { ...record };
    return Object.keys(fields).filter((name) => !isSame(stored[name], fields[name]));
  };
}

/** An item of a list or a header that is null is not compared: the caller keeps what is stored there. */
function isSame(stored: unknown, given: unknown): boolean {
  if (!isMap(stored) || !isMap(given)) return stored === given;
  const names = Object.keys(given);
  if (names.length !== Object.keys(stored).length) return false;
  return names.every((name) => name in stored && (given[name] === null || given[name] === stored[name]));
}

/** A list too. */
function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
