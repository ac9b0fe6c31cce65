import { type Request, Router } from 'express';
import type { Webhooks } from '../notifications/webhooks/webhooks.ts';
import type { TestDestination } from '../rules/test-destination.ts';
import { refuseOtherAccount, scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import type { ReadDetails } from './records-router.ts';
import { sendJson } from './send-json.ts';
import { sendRecord } from './send-record.ts';
import { writeOf } from './write-of.ts';

export interface WebhooksRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  webhooks: Webhooks;
  testDestination: TestDestination;
}

const BODY_BYTES = 10_000;

/** The webhooks of an account, mounted at `/webhooks`. */
export function webhooksRouter(deps: WebhooksRouterDeps, readHealth: ReadDetails): Router {
  const { check, webhooks } = deps;
  const listed = check('listWebhooks');
  const got = check('getWebhook');
  const created = check('createWebhook');
  const updated = check('updateWebhook');
  const deleted = check('deleteWebhook');
  const rotated = check('rotateWebhookSecret');
  const tested = check('testWebhook');
  const body = deps.jsonBody(BODY_BYTES);
  const router = Router();

  router.get('/', async (request, response) => {
    const found = await webhooks.list(scopeOf(response), listed(request).query);
    sendJson(response, { ...found, data: await withHealth(found.data) });
  });

  router.get('/:id', async (request, response) => {
    const stored = await webhooks.get(got(request).params.id, scopeOf(response));
    const [webhook = stored] = await withHealth([stored]);
    sendRecord(response, webhook);
  });

  router.post('/', body, async (request: Request, response) => {
    const fields = created(request).body;
    refuseOtherAccount(fields.account, response);
    const webhook = await webhooks.create(fields, scopeOf(response), writeOf(request, response));
    response.status(201).location(`${request.baseUrl}/${webhook.id}`);
    sendRecord(response, webhook);
  });

  router.patch('/:id', body, async (request: Request<{ id: string }>, response) => {
    const { params, body: fields } = updated(request);
    const webhook = await webhooks.update(params.id, fields, scopeOf(response), writeOf(request, response));
    sendRecord(response, webhook);
  });

  router.delete('/:id', async (request, response) => {
    await webhooks.remove(deleted(request).params.id, scopeOf(response), writeOf(request, response));
    response.status(204).end();
  });

  router.post('/:id/rotate-secret', body, async (request: Request<{ id: string }>, response) => {
    const { params, body: asked } = rotated(request);
    const overlap = asked?.overlap ?? DEFAULT_OVERLAP;
    const webhook = await webhooks.rotateSecret(params.id, overlap, scopeOf(response), writeOf(request, response));
    sendRecord(response, webhook);
  });

  router.post('/:id/test', async (request, response) => {
    const { id } = await webhooks.get(tested(request).params.id, scopeOf(response));
    sendJson(response, await deps.testDestination(id, response.locals.correlation_id));
  });

  return router;

  async function withHealth<T extends { id: string }>(found: T[]) {
    const healthOf = await readHealth(
      found.map(({ id }) => id),
      'list',
    );
    return found.map((webhook) => ({ ...webhook, ...healthOf(webhook.id) }));
  }
}

const DEFAULT_OVERLAP = '24h';
