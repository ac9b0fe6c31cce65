import { Router } from 'express';
import type { ListRejections } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { type CheckOperation, splitQuery } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface RejectionsRouterDeps {
  check: CheckOperation;
  listRejections: ListRejections;
}

/** Requests to ingest that were refused, and why; mounted at `/rejections`. */
export function rejectionsRouter({ check, listRejections }: RejectionsRouterDeps): Router {
  const listed = check('listRejections');
  return Router().get('/', async (request, response) => {
    const { page, filter } = splitQuery(listed(request).query);
    sendJson(response, await listRejections(filter, scopeOf(response), page));
  });
}
