import { createHash } from 'node:crypto';
import { type Response, Router } from 'express';
import type { BodyOf } from '../../client/schemas.ts';
import type { NewSecret } from '../configuration/new-secrets.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import type { ApiKey, ApiKeys } from '../store/api-keys.ts';
import type { Actor } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface ApiKeysRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  apiKeys: Omit<ApiKeys, 'identify'>;
  now: () => number;
  newSecret: NewSecret;
}

const KEY_BYTES = 10_000;
/** `phk_` and 8 of the 43 random characters: enough to recognise a key, too few to help anybody guess it. */
const PREFIX_LENGTH = 12;

const NOT_SHOWN_AGAIN =
  'An earlier request with this Idempotency-Key made the key; since then ENCRYPTION_KEYS changed, so it can not be shown again. Revoke it, and make another.';

/** API keys for programs, mounted at `/api-keys`; a key is shown once, when it is created. */
export function apiKeysRouter({ check, jsonBody, apiKeys, now, newSecret }: ApiKeysRouterDeps): Router {
  const listed = check('listApiKeys');
  const created = check('createApiKey');
  const deleted = check('deleteApiKey');
  const router = Router();

  router.get('/', async (request, response) => {
    const page = await apiKeys.list(scopeOf(response), listed(request).query);
    sendJson(response, { ...page, data: page.data.map(shown) });
  });

  router.post('/', jsonBody(KEY_BYTES), async (request, response) => {
    const asked = created(request).body;
    const account = accountOf(asked, response);
    const write = writeOf(request, response);
    const key = `phk_${newSecret(write.once)(32).toString('base64url')}`;
    const record = await apiKeys.create(
      {
        name: asked.name,
        role: asked.role,
        account,
        made_by: madeBy(response.locals.actor),
        prefix: key.slice(0, PREFIX_LENGTH),
        hash: createHash('sha256').update(key).digest('hex'),
        expires_at: asked.expires_at === undefined ? null : inFuture(asked.expires_at, now()),
      },
      write,
    );
    if (record.prefix !== key.slice(0, PREFIX_LENGTH)) throw new Problem('conflict', NOT_SHOWN_AGAIN);
    response.status(201).location(`${request.baseUrl}/${record.id}`);
    // The only time that the key is shown: only its hash is stored.
    sendJson(response, { ...shown(record), key });
  });

  router.delete('/:id', async (request, response) => {
    await apiKeys.remove(deleted(request).params.id, scopeOf(response), writeOf(request, response));
    response.status(204).end();
  });

  return router;
}

/** The account of a new key; empty for an operator's key. @throws Problem `forbidden` or `validation_failed` */
function accountOf({ role, account }: BodyOf<'createApiKey'>, response: Response): string {
  const scope = scopeOf(response);
  if (scope !== undefined) {
    if (role === 'operator') throw new Problem('forbidden', 'Only operators can make a key with the role operator.');
    if (account !== undefined && account !== scope)
      throw new Problem('forbidden', 'You can make keys only for your own account. Leave `account` out.');
    return scope;
  }
  if (role === 'operator') {
    if (account !== undefined) throw fieldProblem('/account', 'must be left out: an operator sees every account');
    return '';
  }
  if (account === undefined)
    throw fieldProblem('/account', `is needed for the role ${role}: whose records the key may see`);
  return account;
}

/** A key made with a key ends with whoever made that one: else it would outlive a deactivation. */
function madeBy(actor: Actor): string {
  return actor.kind === 'key' ? actor.made_by : actor.id;
}

function inFuture(time: string, now: number): string {
  if (Date.parse(time) > now) return time;
  throw fieldProblem('/expires_at', 'must be in the future');
}

/** An operator's key has no account, one of before has nobody who made it. */
function shown(key: ApiKey) {
  return { ...key, account: key.account || null, made_by: key.made_by || null };
}
