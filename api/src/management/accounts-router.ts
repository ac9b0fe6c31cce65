import { type Request, Router } from 'express';
import type { Accounts } from '../store/accounts.ts';
import type { Records } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { sendRecord } from './send-record.ts';
import { writeOf } from './write-of.ts';

export interface AccountsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  records: Pick<Records, 'listAccounts'>;
  accounts: Accounts;
}

const BODY_BYTES = 10_000;

/** Accounts, mounted at `/accounts`: operators see all, make and rename them; users see their own. */
export function accountsRouter({ check, jsonBody, records, accounts }: AccountsRouterDeps): Router {
  const [listed, created, renamed] = [check('listAccounts'), check('createAccount'), check('updateAccount')];
  const body = jsonBody(BODY_BYTES);
  const router = Router();

  router.get('/', async (request, response) => {
    const page = listed(request).query;
    sendJson(response, await records.listAccounts(scopeOf(response), page));
  });

  router.post('/', body, async (request, response) => {
    const account = await accounts.create(created(request).body.name, writeOf(request, response));
    response.status(201).location(`${request.baseUrl}/${account.id}`);
    sendRecord(response, account);
  });

  router.patch('/:id', body, async (request: Request<{ id: string }>, response) => {
    const { params, body: fields } = renamed(request);
    sendRecord(response, await accounts.rename(params.id, fields.name, writeOf(request, response)));
  });

  return router;
}
