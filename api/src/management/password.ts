import { type RequestHandler, Router } from 'express';
import { addressBlock } from '../http/address-block.ts';
import type { Clock } from '../model/ids.ts';
import { Problem } from '../model/problems.ts';
import type { Passwords } from '../store/users.ts';
import type { CheckOperation } from './checked.ts';
import { refuseOtherOrigin } from './cross-site.ts';
import { failureLimit } from './failure-limit.ts';
import type { JsonBody } from './json-body.ts';
import { sendJson } from './send-json.ts';
import { setSessionCookie } from './session-cookie.ts';
import { originOf, writeOf } from './write-of.ts';

export interface PasswordDeps {
  check: CheckOperation;
  jsonBody: JsonBody;
  passwords: Passwords;
  now: Clock;
}

const BODY_BYTES = 10_000;
const MINUTE_MS = 60_000;

/** `/session/password`: sets a password by a one-time link, or changes one's own. */
export function passwordRouter({ check, jsonBody, passwords, now }: PasswordDeps): Router {
  const router = Router();
  const [usePasswordLink, changePassword] = [check('usePasswordLink'), check('changePassword')];
  const tooMany = (what: string) => () =>
    new Problem('too_many_requests', `Too many failures ${what}. Wait a minute, then try again.`, { retryAfter: 60 });
  const links = failureLimit({
    name: 'links-of-address',
    windowMs: MINUTE_MS,
    keyOf: ({ ip }) => addressBlock(ip),
    refusal: tooMany('from your address'),
    now,
  });
  /** By person, so that a session which somebody got hold of is no way to guess the password. */
  const people = failureLimit({
    name: 'passwords',
    windowMs: MINUTE_MS,
    keyOf: ({ res }) => personOf(res?.locals.actor).id,
    refusal: tooMany('with your password'),
    now,
  });
  const isPerson: RequestHandler = (_request, response, next) => {
    personOf(response.locals.actor);
    next();
  };

  router.post('/session/password', jsonBody(BODY_BYTES), links, async (request, response) => {
    const { token, password } = usePasswordLink(request).body;
    refuseOtherOrigin(request);
    const email = await passwords.setByLink(token, password, originOf(request, response));
    if (email === undefined) {
      throw new Problem(
        'invalid_link',
        'The link was used, replaced by a newer one, or is too old. Ask for a new one.',
      );
    }
    sendJson(response, { email });
  });

  router.patch('/session/password', isPerson, jsonBody(BODY_BYTES), people, async (request, response) => {
    const { current_password: current, password } = changePassword(request).body;
    const { actor, browserSession } = response.locals;
    const asked = [personOf(actor), { current, password }, writeOf(request, response)] as const;
    const changed = await passwords.change(...asked, browserSession !== undefined);
    if (!changed) throw new Problem('invalid_credentials', 'The current password is wrong.');
    if (changed.token !== undefined) setSessionCookie(request, response, changed.token);
    response.status(204).end();
  });

  return router;
}

/** @throws Problem `forbidden` for an API key */
function personOf(actor: Express.Locals['actor'] | undefined) {
  if (actor && actor.kind !== 'key') return actor;
  throw new Problem('forbidden', 'An API key has no password. Log in with your e-mail and password to change yours.');
}
