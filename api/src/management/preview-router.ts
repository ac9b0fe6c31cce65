import { Router } from 'express';
import type { Backtest } from '../rules/backtest.ts';
import type { Preview } from '../rules/preview.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';

export interface PreviewRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  preview: Preview;
  backtest: Backtest;
}

const PREVIEW_BYTES = 8 * 1024 * 1024;
const BACKTEST_BYTES = 256 * 1024;

/** Preview and backtest: what rules would do, without storing or sending anything; mounted at `/mappings`. */
export function previewRouter({ check, jsonBody, preview, backtest }: PreviewRouterDeps): Router {
  const previewed = check('previewMapping');
  const backtested = check('backtestMapping');
  const router = Router();

  router.post('/preview', jsonBody(PREVIEW_BYTES), async (request, response) => {
    sendJson(response, await preview(previewed(request).body, scopeOf(response)));
  });

  router.post('/backtest', jsonBody(BACKTEST_BYTES), async (request, response) => {
    const result = await backtest(backtested(request).body, scopeOf(response));
    sendJson(response, { ...result, events: result.events });
  });

  return router;
}
