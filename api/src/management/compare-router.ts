import { Router } from 'express';
import { type KindName, schemaNameOf } from '../kinds/index.ts';
import { Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';

export interface CompareRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  records: Pick<Records, 'get'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  refreshConfiguration: () => Promise<void>;
}

const BODY_BYTES = 64 * 1024;

/**
 * Compares secrets with the stored ones, mounted at `/<kind>`: masks tell too little for whoever has to know whether
 * something must be written. Who may ask may also replace them.
 */
export function compareRouter(kind: KindName, deps: CompareRouterDeps): Router {
  const asked = deps.check(`compare${schemaNameOf(kind)}`);
  return Router().post('/:id/compare', deps.jsonBody(BODY_BYTES), async (request, response) => {
    const { params, body } = asked(request);
    const { id } = await deps.records.get(kind, String(params.id), scopeOf(response));
    await deps.refreshConfiguration();
    const { current } = deps.configuration;
    const stored = current.record(kind, id);
    // What can't be read differs from whatever is given: so it is written anew.
    if (!stored && !current.unreadableRecord(id)) throw new Problem('not_found', `There is no record ${id} any more.`);
    const before: Record<string, unknown> = { ...stored };
    const fields = Object.entries(body as Record<string, unknown>);
    response.json({ differing: fields.filter(([name, given]) => !isSame(before[name], given)).map(([name]) => name) });
  });
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
