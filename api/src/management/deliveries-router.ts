import { type Request, type Response, Router } from 'express';
import type { DeliveryState } from '../model/delivery.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import type { Queue } from '../store/queue.ts';
import type { History } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { splitQuery } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { type ManyDeliveriesDeps, manyDeliveriesHandler } from './many-deliveries.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface DeliveriesRouterDeps extends ManyDeliveriesDeps {
  jsonBody: JsonBody;
  history: Pick<History, 'listDeliveries' | 'getDelivery' | 'getDeliverySummary'>;
  command: Queue['command'];
}

const SELECTION_BYTES = 10_000;

/** One event for one destination, with its attempts; retry and cancel; mounted at `/deliveries`. */
export function deliveriesRouter(deps: DeliveriesRouterDeps): Router {
  const { check, history, command, wake } = deps;
  const listed = check('listDeliveries');
  const got = check('getDelivery');
  const router = Router();

  router.get('/', async (request, response) => {
    const { page, filter } = splitQuery(listed(request).query);
    for (const name of ['source', 'type', 'correlation_id', 'q'] as const)
      if (filter[name] !== undefined && filter.event !== undefined)
        throw fieldProblem(`query/${name}`, 'goes not with event, which has its own');
    sendJson(response, await history.listDeliveries(filter, scopeOf(response), page));
  });

  router.get('/:id', async (request, response) => {
    sendJson(response, await history.getDelivery(got(request).params.id, scopeOf(response)));
  });

  router.post('/retry', deps.jsonBody(SELECTION_BYTES), manyDeliveriesHandler('retry', deps));
  router.post('/cancel', deps.jsonBody(SELECTION_BYTES), manyDeliveriesHandler('cancel', deps));
  router.post('/:id/retry', commandHandler('retry'));
  router.post('/:id/cancel', commandHandler('cancel'));
  return router;

  function commandHandler(verb: 'retry' | 'cancel') {
    const asked = check(`${verb}Delivery`);
    return async (request: Request, response: Response) => {
      const id = asked(request).params.id;
      // The queue doesn't know accounts; this read fails unless the actor may see the delivery.
      const { event } = await history.getDeliverySummary(id, scopeOf(response));
      const result = await command({ delivery: id, command: verb, ...writeOf(request, response) });
      if (result.status === 'unknown') throw new Problem('not_found', `There is no delivery ${id}.`);
      if (result.status === 'refused') throw new Problem('conflict', REFUSED[verb](result.state, event));
      if (verb === 'retry') wake();
      sendJson(response.status(202), { id, state: result.state });
    };
  }
}

const REFUSED = {
  retry: (state: DeliveryState, event: string) =>
    state === 'delivered'
      ? `The delivery is delivered. To send it again: POST /api/v1/events/${event}/replay`
      : `The delivery is ${state}: an attempt is under way. Wait for its result.`,
  cancel: (state: DeliveryState) => `The delivery is ${state}; only one that is pending or held can be cancelled.`,
};
