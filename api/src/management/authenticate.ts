import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../model/problems.ts';
import type { AccountScope, Actor, Sessions } from '../store/records.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Who is asking; set for everything behind `authenticate`. */
      actor: Actor;
    }
  }
}

const BEARER = /^Bearer +(\S+)$/i;

/** Behind this, a request has an actor, and one that is no GET has an actor who may write. */
export function authenticate(sessions: Pick<Sessions, 'identify'>): RequestHandler {
  return async (request, response, next) => {
    const actor = await sessions.identify(readToken(request));
    if (!actor) {
      throw new Problem(
        'unauthenticated',
        'The token or key is unknown, was revoked, or has run out. POST /api/v1/session gives a new token.',
      );
    }
    response.locals.actor = actor;
    if (isWrite(request) && 'role' in actor && actor.role === 'viewer') {
      throw new Problem('forbidden', 'Your role is viewer, which may read only. Ask an admin of your account.');
    }
    next();
  };
}

/** Whose records the actor may touch. */
export function scopeOf(response: Response): AccountScope {
  const { actor } = response.locals;
  return 'account' in actor ? actor.account : undefined;
}

/** As the audit names the actor. */
export function actorName(response: Response): string {
  const { actor } = response.locals;
  return actor.kind === 'key' ? `key:${actor.prefix} ${actor.name}` : `${actor.kind}:${actor.email}`;
}

/** For what concerns the whole installation. @throws Problem `forbidden` */
export function requireOperator(response: Response): void {
  if (scopeOf(response) !== undefined)
    throw new Problem('forbidden', 'This concerns every account: only operators may ask for it.');
}

function readToken(request: Request): string {
  const token = BEARER.exec(request.get('authorization') ?? '')?.[1];
  if (token !== undefined) return token;
  throw new Problem(
    'unauthenticated',
    'Send Authorization: Bearer <token>. POST /api/v1/session gives a token for e-mail and password.',
  );
}

function isWrite(request: Request): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD';
}
