import type { RequestHandler } from 'express';

/** Headers that every answer carries, problems included. */
export const SECURITY_HEADERS: readonly [name: string, value: string][] = [
  // Nothing that the API answers is a page; /docs and the console set a policy of their own.
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

export function securityHeaders(): RequestHandler {
  return (_request, response, next) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    response.removeHeader('X-Powered-By');
    next();
  };
}
