import { type Request, Router } from 'express';
import type { TestGoal } from '../notifications/goals/test-goal.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';

export interface GoalsRouterDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  testGoal: TestGoal;
}

const BODY_BYTES = 64 * 1024;
const PAGEVIEW = 'pageview';

/** Trying goals on a hit; mounted at `/goals`. */
export function goalsRouter({ check, jsonBody, testGoal }: GoalsRouterDeps): Router {
  const tested = check('testGoal');
  return Router().post('/:id/test', jsonBody(BODY_BYTES), (request: Request<{ id: string }>, response) => {
    const { params, body } = tested(request);
    const { event_name = PAGEVIEW, hash_mode = false, props = {}, revenue = null, url } = body;
    sendJson(
      response,
      testGoal(params.id, scopeOf(response), { event_name, url, hash_mode, props: props ?? {}, revenue }),
    );
  });
}
