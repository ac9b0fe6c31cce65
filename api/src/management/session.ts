import { type RequestHandler, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Check } from '../http/validate.ts';
import { Problem } from '../model/problems.ts';
import type { Sessions } from '../store/records.ts';
import { jsonBody } from './json-body.ts';

const LOGIN_BYTES = 10_000;
/** Failed logins for one e-mail that one address may make in one window, by guessing or by mistake; each costs PocketBase a bcrypt. */
const FAILURES_AT_MOST = 20;
const WINDOW_MS = 60_000;

export interface SessionDeps {
  check: (operationId: string) => Check;
  sessions: Pick<Sessions, 'open'>;
}

/** `POST /session`: e-mail and password for a token. */
export function sessionRouter({ check, sessions }: SessionDeps): Router {
  const router = Router();
  const openSession = check('openSession');

  router.post('/session', jsonBody(LOGIN_BYTES), failedLoginsLimit(), async (request, response) => {
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

function failedLoginsLimit(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: FAILURES_AT_MOST,
    skipSuccessfulRequests: true,
    standardHeaders: false,
    legacyHeaders: false,
    // Behind a proxy that TRUST_PROXY does not name, everybody has one address: the e-mail keeps them apart.
    keyGenerator: ({ ip = '', body }) =>
      `${ip} ${String((body as { email?: unknown } | undefined)?.email).slice(0, 255)}`,
    validate: false,
    handler: () => {
      throw new Problem('too_many_requests', 'Too many failed logins for this e-mail. Wait a minute, then try again.', {
        retryAfter: WINDOW_MS / 1000,
      });
    },
  });
}
