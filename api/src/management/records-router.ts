import { type Response, Router } from 'express';
import { capitalized, kindOf, schemaNameOf } from '../kinds/index.ts';
import { Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { PageRequest, Records, RecordTypes, Stored, TimeFilter } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import type { NewSecret } from './new-secrets.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface RecordsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  records: Records;
  /** Brings the configuration that is in force up to date; rejects when the store can't be reached. */
  refreshConfiguration: () => Promise<void>;
  newSecret: NewSecret;
  /** What the answers to `GET /<kind>` and `GET /<kind>/{id}` have besides the records; absent: nothing. */
  readDetails?: ReadDetails;
  configuration: Pick<ConfigurationCache, 'current'>;
}

/** Reads for all records of a page at once. */
export type ReadDetails = (ids: readonly string[]) => Promise<(id: string) => object>;

const RECORD_BYTES = 256 * 1024;

/** List, get, create, change and delete the records of one kind, mounted at `/<kind>`. */
export function recordsRouter<K extends keyof RecordTypes>(kind: K, deps: RecordsRouterDeps): Router {
  const { records } = deps;
  const { makeSecret } = kindOf(kind);
  const singular = schemaNameOf(kind);
  const listed = deps.check(`list${capitalized(kind)}`);
  const got = deps.check(`get${singular}`);
  const created = deps.check(`create${singular}`);
  const updated = deps.check(`update${singular}`);
  const deleted = deps.check(`delete${singular}`);
  const router = Router();

  router.get('/', async (request, response) => {
    const page = listed(request).query as unknown as PageRequest & TimeFilter;
    const found = await records.list(kind, scopeOf(response), page);
    sendJson(response, { ...found, data: await withDetails(found.data) });
  });

  router.get('/:id', async (request, response) => {
    const record = await records.get(kind, idOf(got(request)), scopeOf(response));
    const [shown = record] = await withDetails([record]);
    sendJson(response, shown);
  });

  router.post('/', deps.jsonBody(RECORD_BYTES), async (request, response) => {
    const fields = created(request).body as Partial<RecordTypes[K]>;
    refuseOtherAccount(fields.account, response);
    const write = writeOf(request, response);
    const secret = 'secrets' in fields ? undefined : makeSecret?.(fields, deps.newSecret(write.once));
    const secrets = secret === undefined ? {} : { secrets: [secret] };
    const record = await records.create(kind, { ...fields, ...secrets }, scopeOf(response), write);
    await comeIntoForce();
    response.status(201).location(`${request.baseUrl}/${record.id}`);
    // The only time that a secret made here is shown; the store gives it back masked.
    sendJson(response, {
      ...withProblem(record),
      ...(secret !== undefined && isStill(secret, record) && secrets),
    });
  });

  router.patch('/:id', deps.jsonBody(RECORD_BYTES), async (request, response) => {
    const input = updated(request);
    const fields = input.body as Partial<RecordTypes[K]>;
    const record = await records.update(kind, idOf(input), fields, scopeOf(response), writeOf(request, response));
    await comeIntoForce();
    sendJson(response, withProblem(record));
  });

  router.delete('/:id', async (request, response) => {
    await records.remove(kind, idOf(deleted(request)), scopeOf(response), writeOf(request, response));
    await comeIntoForce();
    response.status(204).end();
  });

  return router;

  async function withDetails(found: Stored<RecordTypes[K]>[]) {
    const detailsOf = await deps.readDetails?.(found.map(({ id }) => id));
    return found.map((record) => ({ ...withProblem(record), ...detailsOf?.(record.id) }));
  }

  /** Says of a record that can't be used why. */
  function withProblem(record: Stored<RecordTypes[K]>) {
    const found = deps.configuration.current.unreadableRecord(record.id);
    return found ? { ...record, unreadable: found.problem } : record;
  }

  /** The change is stored by now; if it can't be read back, saying "failed" would be wrong, and realtime brings it soon. */
  async function comeIntoForce(): Promise<void> {
    await deps.refreshConfiguration().catch(() => undefined);
  }
}

function idOf({ params }: { params: Record<string, unknown> }): string {
  return String(params.id);
}

/** A repetition may come after the secret was changed, or after the key that it was derived from. */
function isStill(secret: string, record: object): boolean {
  const [shown] = (record as { secrets?: string[] }).secrets ?? [];
  return shown?.slice(-4) === secret.slice(-4);
}

function refuseOtherAccount(account: string | undefined, response: Response): void {
  const scope = scopeOf(response);
  if (scope !== undefined && account !== undefined && account !== scope) {
    throw new Problem('forbidden', 'You can create records only in your own account. Leave `account` out.');
  }
}
