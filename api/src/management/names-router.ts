import { Router } from 'express';
import type { Schemas } from '../../client/schemas.ts';
import { KIND_NAMES, KINDS, type KindName } from '../kinds/index.ts';
import { Problem } from '../model/problems.ts';
import { isTheirs } from '../store/account-scope.ts';
import type { ReadDeletedNames } from '../store/audit.ts';
import type { Cache } from '../store/configuration-cache.ts';
import type { AccountScope, Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface NamesRouterDeps {
  check: CheckOperation;
  /** The part of the configuration in force that a kind is in. */
  viewOf: (kind: KindName) => Pick<Cache<unknown>, 'record' | 'unreadableRecord'>;
  records: Pick<Records, 'get'>;
  readDeletedNames: ReadDeletedNames;
}

type NamedRecord = Schemas['NamedRecord'];

/** Names for ids, mounted at `/names`: from the current configuration, and for deleted records from the audit log. */
export function namesRouter({ check, viewOf, records, readDeletedNames }: NamesRouterDeps): Router {
  const asked = check('listNames');
  return Router().get('/', async (request, response) => {
    const scope = scopeOf(response);
    const ids = [...new Set(asked(request).query.ids.split(','))];
    const live = (await Promise.all(ids.map((id) => liveNames(id, scope)))).flat();
    const gone = ids.filter((id) => !live.some((record) => record.id === id));
    const deleted = gone.length > 0 ? ((await readDeletedNames(gone, scope)) as NamedRecord[]) : [];
    const data = [...live, ...deleted].filter(({ kind }) => KIND_NAMES.some((name) => KINDS[name].singular === kind));
    sendJson(response, { data } satisfies Schemas['Names']);
  });

  async function liveNames(id: string, scope: AccountScope): Promise<NamedRecord[]> {
    const found = KIND_NAMES.flatMap((name) => {
      const record = viewOf(name).record(name, id) as { account: string; name: string } | undefined;
      return isTheirs(record, scope) ? [named(name, id, record.name)] : [];
    });
    const broken = KIND_NAMES.find((name) => KINDS[name].singular === viewOf(name).unreadableRecord(id)?.kind);
    if (found.length > 0 || !broken) return found;
    // The cache doesn't have the account of a record that can't be read, so the store checks it.
    const record = await records.get(broken, id, scope).catch((fault: unknown) => {
      if (fault instanceof Problem && fault.code === 'not_found') return undefined;
      throw fault;
    });
    return record ? [named(broken, id, record.name)] : [];
  }
}

function named(kind: KindName, id: string, name: string): NamedRecord {
  return { kind: KINDS[kind].singular as NamedRecord['kind'], id, name, deleted_at: null };
}
