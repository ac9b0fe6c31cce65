import { Router } from 'express';
import type { ReadOverview } from '../store/overview.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface OverviewRouterDeps {
  check: CheckOperation;
  readOverview: ReadOverview;
}

/** Is anything wrong? Mounted at `/overview`. */
export function overviewRouter({ check, readOverview }: OverviewRouterDeps): Router {
  const asked = check('getOverview');
  return Router().get('/', async (request, response) => {
    const { range = 'hour' } = asked(request).query;
    sendJson(response, await readOverview(range, scopeOf(response)));
  });
}
