import { Router } from 'express';
import { fieldProblem } from '../model/problems.ts';
import type { Replay } from '../replay/one.ts';
import type { Explain, ExplainDecisions } from '../rules/explain.ts';
import type { History } from '../store/records.ts';
import { scopeOf } from './authenticate.ts';
import { type CheckOperation, splitQuery } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { writeOf } from './write-of.ts';

export interface EventsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  history: Pick<History, 'listEvents' | 'getEvent' | 'listDeliveries'>;
  replay: Replay;
  explain: Explain;
  explainDecisions: ExplainDecisions;
}

const DELIVERIES_SHOWN = 200;
const REPLAY_BYTES = 10_000;

/** Lists accepted events, explains where each one went, and replays one; mounted at `/events`. */
export function eventsRouter(deps: EventsRouterDeps): Router {
  const { check, jsonBody, history, replay, explain, explainDecisions } = deps;
  const listed = check('listEvents');
  const got = check('getEvent');
  const explained = check('explainEvent');
  const replayed = check('replayEvent');
  const router = Router();

  router.get('/', async (request, response) => {
    const { page, filter } = splitQuery(listed(request).query);
    for (const name of ['q', 'destination', 'state'] as const)
      if (filter[name] !== undefined && filter.after_seq !== undefined)
        throw fieldProblem('query/after_seq', `goes not with ${name}, which may hold of an event only later`);
    sendJson(response, await history.listEvents(filter, scopeOf(response), page));
  });

  router.get('/:id', async (request, response) => {
    const id = got(request).params.id;
    const scope = scopeOf(response);
    const [event, deliveries] = await Promise.all([
      history.getEvent(id, scope),
      history.listDeliveries({ event: id }, scope, { limit: DELIVERIES_SHOWN }),
    ]);
    sendJson(response, {
      ...event,
      decisions: explainDecisions(event),
      deliveries: deliveries.data,
      deliveries_next_cursor: deliveries.next_cursor,
    });
  });

  router.get('/:id/explain', async (request, response) => {
    const id = explained(request).params.id;
    sendJson(response, await explain(await history.getEvent(id, scopeOf(response))));
  });

  router.post('/:id/replay', jsonBody(REPLAY_BYTES), async (request, response) => {
    const { params, body } = replayed(request);
    const { mode, destinations } = body;
    const result = await replay({
      event: params.id,
      mode,
      destinations,
      ...writeOf(request, response),
      scope: scopeOf(response),
    });
    sendJson(response.status(202), result);
  });

  return router;
}
