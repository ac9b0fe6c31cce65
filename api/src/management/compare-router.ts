import { isDeepStrictEqual } from 'node:util';
import { Router } from 'express';
import type { Check } from '../http/validate.ts';
import { Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { jsonBody } from './json-body.ts';

export interface CompareRouterDeps {
  check: (operationId: string) => Check;
  records: Pick<Records, 'get'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  refreshConfiguration: () => Promise<void>;
}

const BODY_BYTES = 64 * 1024;

/**
 * Compares secrets with the stored ones, mounted at `/<kind>`: masks tell too little for whoever has to know whether
 * something must be written. Who may ask may also replace them.
 */
export function compareRouter(kind: 'sources' | 'destinations', deps: CompareRouterDeps): Router {
  const asked = deps.check(kind === 'sources' ? 'compareSource' : 'compareDestination');
  return Router().post('/:id/compare', jsonBody(BODY_BYTES), async (request, response) => {
    const { params, body } = asked(request);
    const { id } = await deps.records.get(kind, String(params.id), scopeOf(response));
    await deps.refreshConfiguration();
    const { current } = deps.configuration;
    const stored = kind === 'sources' ? current.sourceById(id) : current.destination(id);
    if (!stored) throw new Problem('not_found', `There is no record ${id} any more.`);
    const fields = Object.entries(body as Partial<typeof stored>);
    response.json({ differing: fields.filter(([name, value]) => !isSame(stored, name, value)).map(([name]) => name) });
  });
}

function isSame(stored: object, name: string, value: unknown): boolean {
  return isDeepStrictEqual((stored as Record<string, unknown>)[name], value);
}
