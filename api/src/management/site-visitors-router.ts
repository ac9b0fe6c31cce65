import { Router } from 'express';
import type { ReadVisitors } from '../notifications/sites/read-visitors.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface SiteVisitorsRouterDeps {
  check: CheckOperation;
  readVisitors: ReadVisitors;
}

/** A site's visitors over time; mounted at `/sites`. */
export function siteVisitorsRouter({ check, readVisitors }: SiteVisitorsRouterDeps): Router {
  const asked = check('listSiteVisitors');
  return Router().get('/:id/visitors', async (request, response) => {
    const { params, query } = asked(request);
    sendJson(response, await readVisitors({ site: params.id, ...query }, scopeOf(response)));
  });
}
