import type { RequestHandler } from 'express';

const HEADERS: [name: string, value: string][] = [
  // Nothing that the API answers is a page; /docs and the console set a policy of their own.
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

/** Headers that every answer carries, problems included. */
export function securityHeaders(): RequestHandler {
  return (_request, response, next) => {
    for (const [name, value] of HEADERS) response.setHeader(name, value);
    response.removeHeader('X-Powered-By');
    next();
  };
}
