import { type Request, type Response, Router } from 'express';
import type { Check } from '../http/validate.ts';
import type { DeliveryState } from '../model/delivery.ts';
import type { BodyEncoding } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import type { Queue } from '../store/queue.ts';
import type { AccountScope, DeliveryFilter, History, PageRequest, StoredDelivery } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { toWire, toWirePage } from './wire.ts';
import { writeOf } from './write-of.ts';

export interface DeliveriesRouterDeps {
  check: (operationId: string) => Check;
  history: Pick<History, 'listDeliveries' | 'getDelivery' | 'getEvent'>;
  command: Queue['command'];
  /** A retried delivery is due at once. */
  wake: () => void;
}

/** One event for one destination, with its attempts; retry and cancel; mounted at `/deliveries`. */
export function deliveriesRouter({ check, history, command, wake }: DeliveriesRouterDeps): Router {
  const listed = check('listDeliveries');
  const got = check('getDelivery');
  const router = Router();

  router.get('/', async (request, response) => {
    const { limit, cursor, ...filter } = listed(request).query as unknown as PageRequest & DeliveryFilter;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    response.json(toWirePage(await history.listDeliveries(filter, scopeOf(response), page)));
  });

  router.get('/:id', async (request, response) => {
    const scope = scopeOf(response);
    const { attempts, ...delivery } = await history.getDelivery(String(got(request).params.id), scope);
    response.json({
      ...toWire(delivery),
      ...(await bodyAsSent(delivery, scope)),
      attempts: attempts.map(toWire),
    });
  });

  router.post('/:id/retry', commandHandler('retry'));
  router.post('/:id/cancel', commandHandler('cancel'));
  return router;

  /** A body that passed through is kept once, with its event. */
  async function bodyAsSent(
    delivery: StoredDelivery,
    scope: AccountScope,
  ): Promise<{ request_body: string; request_body_encoding: BodyEncoding; request_content_type: string }> {
    const { request_body, request_content_type } = delivery;
    if (!delivery.passthrough) return { request_body, request_body_encoding: 'utf8', request_content_type };
    const { body, body_encoding, content_type } = await history.getEvent(delivery.event, scope);
    return { request_body: body, request_body_encoding: body_encoding, request_content_type: content_type };
  }

  function commandHandler(verb: 'retry' | 'cancel') {
    const asked = check(`${verb}Delivery`);
    return async (request: Request, response: Response) => {
      const id = String(asked(request).params.id);
      // The queue knows no accounts: whether the actor may see the delivery at all is decided here.
      await history.getDelivery(id, scopeOf(response));
      const result = await command({ delivery: id, command: verb, ...writeOf(request, response) });
      if (result.status === 'unknown') throw new Problem('not_found', `There is no delivery ${id}.`);
      if (result.status === 'refused') throw new Problem('conflict', REFUSED[verb](result.state));
      if (verb === 'retry') wake();
      response.status(202).json({ id, state: result.state });
    };
  }
}

const REFUSED = {
  retry: (state: DeliveryState) =>
    state === 'delivered'
      ? 'The delivery is delivered. To send it again: POST /api/v1/events/{event}/replay.'
      : `The delivery is ${state}: an attempt is under way. Wait for its result.`,
  cancel: (state: DeliveryState) => `The delivery is ${state}; only one that is pending or held can be cancelled.`,
};
