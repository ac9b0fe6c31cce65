import { Router } from 'express';
import type { BacktestTrigger } from '../notifications/triggers/backtest-trigger.ts';
import type { TestTrigger } from '../notifications/triggers/test-trigger.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';

export interface TriggersRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  backtestTrigger: BacktestTrigger;
  testTrigger: TestTrigger;
}

const BODY_BYTES = 64 * 1024;
const DEFAULT_DAYS = 30;

/** Trying triggers: on the past, and on their destinations; mounted at `/triggers`. */
export function triggersRouter({ check, jsonBody, backtestTrigger, testTrigger }: TriggersRouterDeps): Router {
  const backtested = check('backtestTrigger');
  const tested = check('testTrigger');
  const router = Router();
  router.post('/backtest', jsonBody(BODY_BYTES), async (request, response) => {
    const { days = DEFAULT_DAYS, ...what } = backtested(request).body;
    sendJson(response, await backtestTrigger({ ...what, days }, scopeOf(response)));
  });
  router.post('/:id/test', async (request, response) => {
    const { id } = tested(request).params;
    sendJson(response.status(202), await testTrigger(id, scopeOf(response), response.locals.correlation_id));
  });
  return router;
}
