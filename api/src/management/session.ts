import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { BodyOf, Schemas } from '../../client/schemas.ts';
import { Problem } from '../model/problems.ts';
import type { Actor, BrowserSessions, Person, Sessions } from '../store/records.ts';
import type { CheckOperation } from './checked.ts';
import { refuseOtherOrigin } from './cross-site.ts';
import type { JsonBody } from './json-body.ts';
import { type LoginLimitDeps, loginLimit } from './login-limit.ts';
import { sendJson } from './send-json.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';
import { originOf, writeOf } from './write-of.ts';

const LOGIN_BYTES = 10_000;

export interface SessionDeps extends LoginLimitDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  sessions: Pick<Sessions, 'open'>;
  browserSessions: Pick<BrowserSessions, 'open' | 'end'>;
}

/** `/session`: from e-mail and password to a token or a browser's cookie, who that is, and the end of it. */
export function sessionRouter({ check, jsonBody, sessions, browserSessions, ...deps }: SessionDeps): Router {
  const router = Router();
  const [openSession, getSession, endSession] = [check('openSession'), check('getSession'), check('endSession')];
  const checked: RequestHandler = (request, _response, next) => {
    if (openSession(request).body.cookie) refuseOtherOrigin(request);
    next();
  };

  async function logIn(request: Request, response: Response): Promise<{ actor: Person; token?: string } | undefined> {
    const { email, password, cookie } = request.body as BodyOf<'openSession'>;
    const origin = originOf(request, response);
    if (!cookie) return sessions.open({ email, password }, origin);
    // Always a new token, never one that the browser brought: somebody else may have put it there.
    const opened = await browserSessions.open({ email, password }, origin, readSessionCookie(request));
    if (opened) setSessionCookie(request, response, opened.token);
    return opened && { actor: opened.actor };
  }

  router.post('/session', jsonBody(LOGIN_BYTES), checked, ...loginLimit(deps), async (request, response) => {
    const opened = await logIn(request, response);
    if (!opened) {
      throw new Problem('invalid_credentials', 'Neither an operator nor a user has this e-mail and password.');
    }
    const { actor, token } = opened;
    sendJson(response, { ...describe(actor), ...(token !== undefined && { token }) });
  });

  router.get('/session', (request, response) => {
    getSession(request);
    const { actor, browserSession } = response.locals;
    sendJson(response, { ...describe(actor), ...(browserSession && { expires_at: browserSession.expires_at }) });
  });

  router.delete('/session', async (request, response) => {
    endSession(request);
    const { browserSession } = response.locals;
    if (!browserSession) throw new Problem('conflict', NO_COOKIE);
    await browserSessions.end(browserSession.token, writeOf(request, response));
    clearSessionCookie(request, response);
    response.status(204).end();
  });

  return router;
}

const NO_COOKIE =
  'Only the session of a browser, which has a cookie, can be ended. A token ends after a day, and with a change of the password; an API key can be revoked.';

function describe(actor: Actor): Omit<Schemas['Session'], 'token'> {
  const { kind } = actor;
  const account = 'account' in actor ? actor.account : null;
  const role = 'role' in actor ? actor.role : 'operator';
  return actor.kind === 'key'
    ? { kind, account, role, email: null, name: actor.name }
    : { kind, account, role, email: actor.email };
}
