import { Router } from 'express';
import type { Check } from '../http/validate.ts';
import type { ListRejections, PageRequest, RejectionFilter } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';

export interface RejectionsRouterDeps {
  check: (operationId: string) => Check;
  listRejections: ListRejections;
}

/** What was refused, and why; mounted at `/rejections`. */
export function rejectionsRouter({ check, listRejections }: RejectionsRouterDeps): Router {
  const listed = check('listRejections');
  return Router().get('/', async (request, response) => {
    const { limit, cursor, ...filter } = listed(request).query as unknown as PageRequest & RejectionFilter;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    response.json(await listRejections(filter, scopeOf(response), page));
  });
}
