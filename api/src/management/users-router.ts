import { type Request, type Response, Router } from 'express';
import type { NewSecret } from '../configuration/new-secrets.ts';
import type { Clock } from '../model/ids.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import { hashOf } from '../model/tokens.ts';
import type { LinkedUser, User, Users } from '../store/users.ts';
import type { Once } from '../store/write.ts';
import { refuseOtherAccount, scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { sendRecord } from './send-record.ts';
import { writeOf } from './write-of.ts';

export interface UsersRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  users: Users;
  newSecret: NewSecret;
  /** Where people open the console; undefined: where the request came to. */
  publicUrl: string | undefined;
  now: Clock;
}

const BODY_BYTES = 10_000;
const SECRET_BYTES = 32;
/** Long enough for a weekend. */
const LINK_MS = 72 * 60 * 60_000;

const REPLACED =
  'An earlier request with this Idempotency-Key made a link, which is used up or was replaced since. Make a new one.';

/** The people of an account, mounted at `/users`. Nobody but they themselves ever knows their passwords: a link sets them. */
export function usersRouter({ check, jsonBody, users, newSecret, publicUrl, now }: UsersRouterDeps): Router {
  const [listed, got, created] = [check('listUsers'), check('getUser'), check('createUser')];
  const [updated, deleted, linked] = [check('updateUser'), check('deleteUser'), check('createUserLink')];
  const body = jsonBody(BODY_BYTES);
  const router = Router();

  /** The same for a repetition of the request. */
  function newLink(once: Once) {
    const [token, password] = [SECRET_BYTES, 2 * SECRET_BYTES].map((end) =>
      newSecret(once)(2 * SECRET_BYTES)
        .subarray(end - SECRET_BYTES, end)
        .toString('base64url'),
    ) as [string, string];
    const link = { hash: hashOf(token), expires_at: new Date(now() + LINK_MS).toISOString() };
    return { token, password, link };
  }

  /** The only time that the link is shown. Its token is behind a #, so that no server and no log gets to see it. */
  function shown(request: Request, { link_hash, ...user }: LinkedUser, token: string) {
    if (link_hash !== hashOf(token)) throw new Problem('conflict', REPLACED);
    return { ...user, link: `${publicUrl ?? `${request.protocol}://${request.host}`}/welcome#${token}` };
  }

  router.get('/', async (request, response) => {
    sendJson(response, await users.list(scopeOf(response), listed(request).query));
  });

  router.get('/:id', async (request, response) => {
    sendRecord(response, await users.get(got(request).params.id, scopeOf(response)));
  });

  router.post('/', body, async (request, response) => {
    const { account, name = '', ...fields } = created(request).body;
    const write = writeOf(request, response);
    const { token, ...secrets } = newLink(write.once);
    const user = { ...fields, name, account: accountOf(account, response), ...secrets };
    const made = await users.create(user, scopeOf(response), write);
    response.status(201).location(`${request.baseUrl}/${made.id}`);
    sendRecord(response, shown(request, made, token));
  });

  router.patch('/:id', body, async (request: Request<{ id: string }>, response) => {
    const { params, body: fields } = updated(request);
    sendRecord(response, await users.update(params.id, fields, scopeOf(response), writeOf(request, response)));
  });

  router.delete('/:id', async (request, response) => {
    await users.remove(deleted(request).params.id, scopeOf(response), writeOf(request, response));
    response.status(204).end();
  });

  router.post('/:id/link', async (request, response) => {
    const { id } = linked(request).params;
    const [scope, write] = [scopeOf(response), writeOf(request, response)];
    refuseDeactivated(await users.get(id, scope));
    const { token, link } = newLink(write.once);
    response.status(201);
    sendRecord(response, shown(request, await users.setLink(id, link, scope, write), token));
  });

  return router;
}

function refuseDeactivated({ deactivated }: User): void {
  if (deactivated) throw new Problem('conflict', 'The user is deactivated. Activate them first, then make a link.');
}

/** @throws Problem `forbidden`, or `validation_failed` when an operator names no account */
function accountOf(account: string | undefined, response: Response): string {
  refuseOtherAccount(account, response);
  const own = scopeOf(response) ?? account;
  if (own === undefined) throw fieldProblem('/account', 'is needed: whose records the user may see');
  return own;
}
