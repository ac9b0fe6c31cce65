import type { Request, RequestHandler, Response } from 'express';
import type { Contract, Operation } from '../http/openapi.ts';
import { Problem } from '../model/problems.ts';
import { mayDo, type Role } from '../model/roles.ts';
import type { AccountScope, Actor, BrowserSession, BrowserSessions, Sessions } from '../store/records.ts';
import { refuseCrossSiteChange } from './cross-site.ts';
import { readSessionCookie } from './session-cookie.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Who sent the request; set for every route after `authenticate`, except for anonymous operations. */
      actor: Actor;
      /** Whose records the actor may read and change; undefined: all accounts. */
      scope: AccountScope;
      /** Of the browser that sent the request with its cookie. */
      browserSession?: BrowserSession;
      /** Who the request's credentials stand for now; undefined: nobody any more. For what goes on for a long time. */
      identify: () => Promise<Actor | undefined>;
    }
  }
}

export interface AuthenticateDeps {
  sessions: Pick<Sessions, 'identify'>;
  browserSessions: Pick<BrowserSessions, 'identify'>;
  contract: Pick<Contract, 'match'>;
}

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Authenticates and authorizes. Routes after it only see requests for an operation of the contract (OpenAPI), from an actor
 * with at least the role that the operation requires (`x-role`). A request that matches no operation, such as a path
 * spelled differently, leaves the router, so that no route can run without a role check.
 */
export function authenticate({ sessions, browserSessions, contract }: AuthenticateDeps): RequestHandler {
  /** A header counts before a cookie: no page of another origin can send one. */
  async function identify(request: Request, response: Response): Promise<Actor | undefined> {
    const cookie = request.get('authorization') === undefined ? readSessionCookie(request) : undefined;
    if (cookie === undefined) return sessions.identify(readToken(request));
    refuseCrossSiteChange(request);
    const session = await browserSessions.identify(cookie);
    if (session) response.locals.browserSession = session;
    return session?.actor;
  }

  return async (request, response, next) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const operation = contract.match(request.baseUrl + request.path)?.get(method);
    if (operation?.role === 'anonymous') return next();
    const actor = await identify(request, response);
    if (!actor) {
      throw new Problem(
        'unauthenticated',
        'The token, key or session is unknown, was ended, or has run out. POST /api/v1/session begins a new one.',
      );
    }
    if (!operation) return next('router');
    Object.assign(response.locals, { actor, identify: () => identify(request, response) });
    refuseLowerRole(roleOf(actor), operation.role ?? 'operator');
    response.locals.scope = choosesAccount(operation) ? chosenScope(actor, request.query.account) : accountOf(actor);
    next();
  };
}

function roleOf(actor: Actor): Role {
  return 'role' in actor ? actor.role : 'operator';
}

function refuseLowerRole(role: Role, needed: Role): void {
  if (mayDo(role, needed)) return;
  throw new Problem(
    'forbidden',
    needed === 'operator'
      ? 'This concerns every account: only operators may ask for it.'
      : `This takes the role ${needed}, and yours is ${role}. Ask an admin of your account.`,
  );
}

function choosesAccount({ parameters }: Operation): boolean {
  return parameters.some(({ name, in: place }) => name === 'account' && place === 'query');
}

/** @throws Problem `forbidden` when somebody who belongs to an account names another one, whether it exists or not */
function chosenScope(actor: Actor, chosen: unknown): AccountScope {
  const own = accountOf(actor);
  if (own === undefined) return typeof chosen === 'string' ? chosen : undefined;
  if (chosen === undefined || chosen === own) return own;
  throw new Problem('forbidden', 'You see only your own account. Leave `account` out.');
}

function accountOf(actor: Actor): AccountScope {
  return 'account' in actor ? actor.account : undefined;
}

/** The account whose records the request may read and change; undefined: all accounts. */
export function scopeOf(response: Response): AccountScope {
  return response.locals.scope;
}

/** The actor's name in the audit log. */
export function actorName(response: Response): string {
  const { actor } = response.locals;
  return actor.kind === 'key' ? `key:${actor.prefix} ${actor.name}` : `${actor.kind}:${actor.email}`;
}

function readToken(request: Request): string {
  const token = BEARER.exec(request.get('authorization') ?? '')?.[1];
  if (token !== undefined) return token;
  throw new Problem(
    'unauthenticated',
    'Send Authorization: Bearer <token>. POST /api/v1/session gives a token for e-mail and password.',
  );
}

/** @throws Problem `forbidden` when a user of one account names another account for a new record */
export function refuseOtherAccount(account: string | undefined, response: Response): void {
  const scope = scopeOf(response);
  if (scope !== undefined && account !== undefined && account !== scope) {
    throw new Problem('forbidden', 'You can create records only in your own account. Leave `account` out.');
  }
}
