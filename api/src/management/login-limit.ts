import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import type { BodyOf } from '../../client/schemas.ts';
import { addressBlock } from '../http/address-block.ts';
import { createBoundedCounters } from '../http/bounded-counters.ts';
import type { Clock } from '../model/ids.ts';
import { Problem } from '../model/problems.ts';
import type { Logger } from '../ops/logger.ts';

const FAILURES_AT_MOST = 20;
const MINUTE_MS = 60_000;
/** Guesses of one password from many addresses are slow ones: 20 in this time. */
const EMAIL_WINDOW_MS = 5 * MINUTE_MS;
/** An e-mail that logged in from an address is known there for as long; a restart forgets it. */
const KNOWN_MS = 30 * 24 * 60 * MINUTE_MS;
/** Of each kind: some megabytes in all. */
const REMEMBERED_AT_MOST = 10_000;

export interface LoginLimitDeps {
  now: Clock;
  logger: Pick<Logger, 'warn'>;
}

interface Login {
  email: string;
  address: string;
}

/**
 * Limits failed logins by address and by e-mail, whether there is such an e-mail or not. Who logged in from an address
 * before is counted apart there, so that strangers who guess at an e-mail don't lock its owner out
 * (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies, with addresses for cookies).
 * Expects a checked body.
 */
export function loginLimit({ now, logger }: LoginLimitDeps): RequestHandler[] {
  const known = new LRUCache<string, true>({ max: REMEMBERED_AT_MOST, ttl: KNOWN_MS, perf: { now } });
  let proxyTold = false;

  function limiter(windowMs: number, keyOf: (login: Login) => string, whose: string, knownPass: boolean) {
    return rateLimit({
      windowMs,
      limit: (request) =>
        knownPass && known.has(pairOf(loginOf(request))) ? Number.POSITIVE_INFINITY : FAILURES_AT_MOST,
      store: createBoundedCounters({ windowMs, countersAtMost: REMEMBERED_AT_MOST, now }),
      keyGenerator: (request) => keyOf(loginOf(request)),
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_request, response) => response.statusCode !== 401,
      standardHeaders: false,
      legacyHeaders: false,
      validate: false,
      handler: (request) => {
        tellOfProxy(request);
        throw tooMany(whose, windowMs);
      },
    });
  }

  /** Behind a proxy that is not named, everybody has its address, and one who guesses locks all others out. */
  function tellOfProxy(request: Request): void {
    if (proxyTold || request.app.get('trust proxy') || request.get('x-forwarded-for') === undefined) return;
    proxyTold = true;
    logger.warn('logins are limited by the address of a proxy, which all share', {
      error: 'name the proxy in TRUST_PROXY (docs/reverse-proxy.md)',
    });
  }

  const remember: RequestHandler = (request, response, next) => {
    const pair = pairOf(loginOf(request));
    response.once('finish', () => {
      if (response.statusCode === 200) known.set(pair, true);
    });
    next();
  };

  return [
    limiter(MINUTE_MS, ({ address }) => address, 'from your address', true),
    limiter(EMAIL_WINDOW_MS, ({ email }) => email, 'for this e-mail', true),
    limiter(MINUTE_MS, pairOf, 'for this e-mail', false),
    remember,
  ];
}

function loginOf({ body, ip }: Request): Login {
  return { email: (body as BodyOf<'openSession'>).email.toLowerCase(), address: addressBlock(ip) };
}

function pairOf({ email, address }: Login): string {
  return `${address} ${email}`;
}

function tooMany(whose: string, windowMs: number): Problem {
  const wait = windowMs === MINUTE_MS ? 'a minute' : `${windowMs / MINUTE_MS} minutes`;
  return new Problem(
    'too_many_requests',
    `Too many failed logins ${whose}. Wait ${wait}, then try again. An API key works meanwhile.`,
    { retryAfter: windowMs / 1000 },
  );
}
