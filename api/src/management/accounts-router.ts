import { Router } from 'express';
import type { Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface AccountsRouterDeps {
  check: CheckOperation;
  records: Pick<Records, 'listAccounts'>;
}

/** The accounts that the caller may see, mounted at `/accounts`: operators see all, users their own. */
export function accountsRouter({ check, records }: AccountsRouterDeps): Router {
  const listed = check('listAccounts');
  return Router().get('/', async (request, response) => {
    const page = listed(request).query;
    sendJson(response, await records.listAccounts(scopeOf(response), page));
  });
}
