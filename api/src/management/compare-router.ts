import { Router } from 'express';
import type { CompareSecrets } from '../configuration/compare-secrets.ts';
import { type KindName, schemaNameOf } from '../kinds/index.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';

export interface CompareRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  compareSecrets: CompareSecrets;
}

const BODY_BYTES = 64 * 1024;

/** Compares secrets with the stored ones, mounted at `/<kind>`. Requires the role that may also replace them. */
export function compareRouter(kind: KindName, { check, jsonBody, compareSecrets }: CompareRouterDeps): Router {
  const asked = check(`compare${schemaNameOf(kind)}`);
  return Router().post('/:id/compare', jsonBody(BODY_BYTES), async (request, response) => {
    const { params, body } = asked(request);
    const fields = body as Record<string, unknown>;
    sendJson(response, { differing: await compareSecrets(kind, String(params.id), fields, scopeOf(response)) });
  });
}
