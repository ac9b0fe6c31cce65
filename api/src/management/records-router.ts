import { Router } from 'express';
import type { Editing } from '../configuration/editing.ts';
import { capitalized, type KindName, kindOf, schemaNameOf } from '../kinds/index.ts';
import type { Cache } from '../store/configuration-cache.ts';
import type { PageRequest, Records, RecordTypes, Stored, TimeFilter } from '../store/records.ts';
import { refuseOtherAccount, scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { sendRecord } from './send-record.ts';
import { writeOf } from './write-of.ts';

export interface RecordsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  records: Pick<Records, 'list' | 'get'>;
  editing: Editing;
  /** Fields that `GET /<kind>` and `GET /<kind>/{id}` add to the stored records; absent: none. */
  readDetails?: ReadDetails;
  /** The part of the configuration in force that a kind is in. */
  viewOf: (kind: KindName) => Pick<Cache<unknown>, 'unreadableRecord'>;
}

/** Reads for all records of a page at once; for one that is looked at, more. */
export type ReadDetails = (ids: readonly string[], shown: 'list' | 'one') => Promise<(id: string) => object>;

/** What several read of the same records. */
export function together(...all: ReadDetails[]): ReadDetails {
  return async (ids, shown) => {
    const read = await Promise.all(all.map((details) => details(ids, shown)));
    return (id) => Object.assign({}, ...read.map((detailsOf) => detailsOf(id)));
  };
}

/** Only what lies within sites can be asked for by `site`. */
type ListQuery = PageRequest & TimeFilter & { site?: string };

const RECORD_BYTES = 256 * 1024;

/** List, get, create, change and delete the records of one kind, mounted at `/<kind>`. */
export function recordsRouter<K extends keyof RecordTypes>(kind: K, deps: RecordsRouterDeps): Router {
  const { records, editing } = deps;
  const singular = schemaNameOf(kind);
  const listed = deps.check(`list${capitalized(kind)}`);
  const got = deps.check(`get${singular}`);
  const created = deps.check(`create${singular}`);
  const updated = deps.check(`update${singular}`);
  const deleted = deps.check(`delete${singular}`);
  const router = Router();

  router.get('/', async (request, response) => {
    const { site, ...page } = listed(request).query as unknown as ListQuery;
    const only = site === undefined ? {} : ({ site } as object as Partial<RecordTypes[K]>);
    const found = await records.list(kind, scopeOf(response), page, only);
    sendJson(response, { ...found, data: await withDetails(found.data, 'list') });
  });

  router.get('/:id', async (request, response) => {
    const record = await records.get(kind, idOf(got(request)), scopeOf(response));
    const [shown = record] = await withDetails([record], 'one');
    sendRecord(response, shown);
  });

  router.post('/', deps.jsonBody(RECORD_BYTES), async (request, response) => {
    // What follows from other fields counts for more than a default, and for less than what was sent.
    const fields = { ...(created(request).body as Partial<RecordTypes[K]>), ...complete(request.body) };
    refuseOtherAccount(fields.account, response);
    const record = await editing.create(kind, fields, scopeOf(response), writeOf(request, response));
    response.status(201).location(`${request.baseUrl}/${record.id}`);
    sendRecord(response, withProblem(record));
  });

  router.patch('/:id', deps.jsonBody(RECORD_BYTES), async (request, response) => {
    const input = updated(request);
    const fields = { ...(input.body as Partial<RecordTypes[K]>), ...complete(input.body) };
    const record = await editing.update(kind, idOf(input), fields, scopeOf(response), writeOf(request, response));
    sendRecord(response, withProblem(record));
  });

  router.delete('/:id', async (request, response) => {
    await editing.remove(kind, idOf(deleted(request)), scopeOf(response), writeOf(request, response));
    response.status(204).end();
  });

  return router;

  function complete(given: unknown): Partial<RecordTypes[K]> {
    return (kindOf(kind).complete?.(given as object) ?? {}) as Partial<RecordTypes[K]>;
  }

  async function withDetails(found: Stored<RecordTypes[K]>[], shown: 'list' | 'one') {
    const ids = found.map(({ id }) => id);
    const detailsOf = await deps.readDetails?.(ids, shown);
    return found.map((record) => ({ ...withProblem(record), ...detailsOf?.(record.id) }));
  }

  /** Adds the reason to a record that can't be used. */
  function withProblem(record: Stored<RecordTypes[K]>) {
    const found = deps.viewOf(kind).unreadableRecord(record.id);
    return found ? { ...record, unreadable: found.problem } : record;
  }
}

function idOf({ params }: { params: Record<string, unknown> }): string {
  return String(params.id);
}
