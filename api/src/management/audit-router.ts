import { Router } from 'express';
import type { Check } from '../http/validate.ts';
import type { AuditFilter, ListAudit } from '../store/audit.ts';
import type { PageRequest } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { sendJson } from './send-json.ts';

export interface AuditRouterDeps {
  check: (operationId: string) => Check;
  listAudit: ListAudit;
}

/** Who did what, mounted at `/audit`; of their account for admins, of all for operators. */
export function auditRouter({ check, listAudit }: AuditRouterDeps): Router {
  const listed = check('listAudit');
  return Router().get('/', async (request, response) => {
    const { limit, cursor, ...filter } = listed(request).query as unknown as PageRequest & AuditFilter;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    sendJson(response, await listAudit(filter, scopeOf(response), page));
  });
}
