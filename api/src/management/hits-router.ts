import { Router } from 'express';
import type { ReadHits } from '../notifications/hits/read-hits.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface HitsRouterDeps {
  check: CheckOperation;
  readHits: ReadHits;
}

/** Hits as they arrive, in numbers; mounted at `/hits`. */
export function hitsRouter({ check, readHits }: HitsRouterDeps): Router {
  const listed = check('listHits');
  return Router().get('/', async (request, response) => {
    const { after, site } = listed(request).query;
    sendJson(response, await readHits({ after, site }, scopeOf(response)));
  });
}
