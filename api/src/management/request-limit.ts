import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createBoundedCounters } from '../http/bounded-counters.ts';
import type { Clock } from '../model/ids.ts';
import { Problem } from '../model/problems.ts';
import { actorName } from './authenticate.ts';
import { COUNTERS_AT_MOST } from './failure-limit.ts';

const MINUTE_MS = 60_000;
/** More than any console or script needs, and less than what keeps others waiting. */
export const REQUESTS_AT_MOST = 12_000;

/**
 * Limits the requests of one caller in a minute, in this process. Each answer says how many are left
 * (draft-ietf-httpapi-ratelimit-headers). Belongs after `authenticate`.
 */
export function requestLimit({ now, atMost = REQUESTS_AT_MOST }: { now: Clock; atMost?: number }): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: atMost,
    identifier: 'requests',
    store: createBoundedCounters({ windowMs: MINUTE_MS, countersAtMost: COUNTERS_AT_MOST, now }),
    keyGenerator: (_request, response) => actorName(response),
    // Who has not logged in yet has limits of their own.
    skip: (_request, response) => response.locals.actor === undefined,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (request) => {
      const { resetTime } = (request as { rateLimit?: { resetTime?: Date } }).rateLimit ?? {};
      const seconds = Math.max(1, Math.ceil(((resetTime?.getTime() ?? now() + MINUTE_MS) - now()) / 1000));
      throw new Problem(
        'too_many_requests',
        `You have sent ${atMost} requests within a minute, which is what one caller may. Go on in ${seconds} s; the stream at /api/v1/stream tells of changes without being asked.`,
        { retryAfter: seconds },
      );
    },
  });
}
