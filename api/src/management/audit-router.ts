import { Router } from 'express';
import type { ListAudit } from '../store/audit.ts';
import { scopeOf } from './authenticate.ts';
import { type CheckOperation, splitQuery } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface AuditRouterDeps {
  check: CheckOperation;
  listAudit: ListAudit;
}

/** Who did what, mounted at `/audit`: admins see their account's entries, operators all. */
export function auditRouter({ check, listAudit }: AuditRouterDeps): Router {
  const listed = check('listAudit');
  return Router().get('/', async (request, response) => {
    const { page, filter } = splitQuery(listed(request).query);
    sendJson(response, await listAudit(filter, scopeOf(response), page));
  });
}
