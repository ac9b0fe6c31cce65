import { Router } from 'express';
import type { BacktestTrigger } from '../notifications/triggers/backtest-trigger.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';

export interface TriggerBacktestRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  backtestTrigger: BacktestTrigger;
}

const BODY_BYTES = 64 * 1024;
const DEFAULT_DAYS = 30;

/** What a trigger would have told; mounted at `/triggers`. */
export function triggerBacktestRouter({ check, jsonBody, backtestTrigger }: TriggerBacktestRouterDeps): Router {
  const asked = check('backtestTrigger');
  return Router().post('/backtest', jsonBody(BODY_BYTES), async (request, response) => {
    const { days = DEFAULT_DAYS, ...what } = asked(request).body;
    response.json(await backtestTrigger({ ...what, days }, scopeOf(response)));
  });
}
