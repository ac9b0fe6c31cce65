import { type RequestHandler, Router } from 'express';
import type { BodyOf } from '../../client/schemas.ts';
import { Problem } from '../model/problems.ts';
import type { Sessions } from '../store/records.ts';
import type { CheckOperation } from './checked.ts';
import type { JsonBody } from './json-body.ts';
import { type LoginLimitDeps, loginLimit } from './login-limit.ts';

const LOGIN_BYTES = 10_000;

export interface SessionDeps extends LoginLimitDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  sessions: Pick<Sessions, 'open'>;
}

/** `POST /session`: exchanges e-mail and password for a token. */
export function sessionRouter({ check, jsonBody, sessions, ...deps }: SessionDeps): Router {
  const router = Router();
  const openSession = check('openSession');
  const checked: RequestHandler = (request, _response, next) => {
    openSession(request);
    next();
  };

  router.post('/session', jsonBody(LOGIN_BYTES), checked, ...loginLimit(deps), async (request, response) => {
    const { email, password } = request.body as BodyOf<'openSession'>;
    const session = await sessions.open(email, password);
    if (!session) {
      throw new Problem('invalid_credentials', 'Neither an operator nor a user has this e-mail and password.');
    }
    const { token, actor } = session;
    response.json(
      actor.kind === 'operator'
        ? { token, account: null, role: 'operator' }
        : { token, account: actor.account, role: actor.role },
    );
  });
  return router;
}
