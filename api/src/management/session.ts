import { Router } from 'express';
import type { Check } from '../http/validate.ts';
import { Problem } from '../model/problems.ts';
import type { Sessions } from '../store/records.ts';
import { jsonBody } from './json-body.ts';

const LOGIN_BYTES = 10_000;

export interface SessionDeps {
  check: (operationId: string) => Check;
  sessions: Pick<Sessions, 'open'>;
}

/** `POST /session`: e-mail and password for a token. */
export function sessionRouter({ check, sessions }: SessionDeps): Router {
  const router = Router();
  const openSession = check('openSession');

  router.post('/session', jsonBody(LOGIN_BYTES), async (request, response) => {
    const { email, password } = openSession(request).body as { email: string; password: string };
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
