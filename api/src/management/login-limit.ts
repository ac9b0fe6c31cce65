import type { Request, RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import type { BodyOf } from '../../client/schemas.ts';
import { addressBlock } from '../http/address-block.ts';
import type { Clock } from '../model/ids.ts';
import { Problem } from '../model/problems.ts';
import type { Logger } from '../ops/logger.ts';
import { COUNTERS_AT_MOST, failureLimit } from './failure-limit.ts';

const MINUTE_MS = 60_000;
/** Guessing one account's password from many addresses is limited too: 20 failures per e-mail in this time. */
const EMAIL_WINDOW_MS = 5 * MINUTE_MS;
/** How long a pair of e-mail and address that logged in counts as known; kept in memory only. */
const KNOWN_MS = 30 * 24 * 60 * MINUTE_MS;

export interface LoginLimitDeps {
  now: Clock;
  logger: Pick<Logger, 'warn'>;
}

interface Login {
  email: string;
  address: string;
}

/**
 * Limits failed logins by address and by e-mail, whether the e-mail exists or not. A pair of e-mail and address that logged
 * in before has a limit of its own, so that strangers who guess a password don't lock the owner out
 * (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies, with addresses for cookies).
 * Needs a validated body.
 */
export function loginLimit({ now, logger }: LoginLimitDeps): RequestHandler[] {
  const known = new LRUCache<string, true>({ max: COUNTERS_AT_MOST, ttl: KNOWN_MS, perf: { now } });
  let proxyTold = false;

  function limiter(name: string, windowMs: number, keyOf: (login: Login) => string, whose: string, knownPass: boolean) {
    return failureLimit({
      name,
      windowMs,
      keyOf: (request) => keyOf(loginOf(request)),
      isExempt: (request) => knownPass && known.has(pairOf(loginOf(request))),
      refusal: (request) => {
        tellOfProxy(request);
        return tooMany(whose, windowMs);
      },
      now,
    });
  }

  /** Without TRUST_PROXY all clients of a proxy share its address, so one attacker locks everybody out: warn once. */
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
    limiter('logins-of-address', MINUTE_MS, ({ address }) => address, 'from your address', true),
    limiter('logins-of-email', EMAIL_WINDOW_MS, ({ email }) => email, 'for this e-mail', true),
    limiter('logins', MINUTE_MS, pairOf, 'for this e-mail', false),
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
