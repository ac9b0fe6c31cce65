import type { KindName } from '../kinds/index.ts';
import { Problem } from '../model/problems.ts';
import type { Cache } from '../store/configuration-cache.ts';
import type { AccountScope, Records } from '../store/records.ts';

export interface CompareSecretsDeps {
  records: Pick<Records, 'get'>;
  /** The part of the configuration in force that a kind is in. */
  viewOf: (kind: KindName) => Pick<Cache<unknown>, 'refresh' | 'record' | 'unreadableRecord'>;
}

/**
 * Returns the names of the given fields that differ from the stored ones; secrets are given in plain text. `apply` needs
 * this to know whether it must write a record, which masks don't tell.
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
    const view = deps.viewOf(kind);
    await view.refresh();
    const record = view.record(kind, id);
    // An unreadable record counts as different, so that it is written again.
    if (!record && !view.unreadableRecord(id)) throw new Problem('not_found', `There is no record ${id} any more.`);
    const stored: Record<string, unknown> = { ...record };
    return Object.keys(fields).filter((name) => !isSame(stored[name], fields[name]));
  };
}

/** Null items of a list or map aren't compared: the caller keeps the stored value there. */
function isSame(stored: unknown, given: unknown): boolean {
  if (!isMap(stored) || !isMap(given)) return stored === given;
  const names = Object.keys(given);
  if (names.length !== Object.keys(stored).length) return false;
  return names.every((name) => name in stored && (given[name] === null || given[name] === stored[name]));
}

/** True for arrays too: their indexes are compared like names. */
function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
