import type { CookieOptions, Request, Response } from 'express';

/** Holds the token of a browser's session; no script can read it. */
const NAME = 'pockethook_session';
const NAMED = new RegExp(`(?:^|;)\\s*${NAME}=([^;]*)`, 'g');

/** The token that the browser sent. A page of another subdomain can add a cookie of the same name: then neither counts. */
export function readSessionCookie(request: Request): string | undefined {
  const found = [...(request.get('cookie') ?? '').matchAll(NAMED)].map(([, token]) => token as string);
  return found.length === 1 ? found[0] : undefined;
}

/** Kept until the browser is closed, or restores its tabs; how long the session lasts is the server's to say. */
export function setSessionCookie(request: Request, response: Response, token: string): void {
  response.cookie(NAME, token, optionsFor(request));
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(NAME, optionsFor(request));
}

function optionsFor(request: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/api', secure: request.secure };
}
