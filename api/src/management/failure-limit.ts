import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createBoundedCounters } from '../http/bounded-counters.ts';
import type { Clock } from '../model/ids.ts';
import type { Problem } from '../model/problems.ts';

export const FAILURES_AT_MOST = 20;
/** Bounds the counters, to a few megabytes. */
export const COUNTERS_AT_MOST = 10_000;

export interface FailureLimit {
  /** Of the limit, in the RateLimit headers of each answer. */
  name: string;
  windowMs: number;
  /** What is counted together, such as the requests of an address. */
  keyOf: (request: Request) => string;
  refusal: (request: Request) => Problem;
  /** Requests that are counted elsewhere; absent: none. */
  isExempt?: (request: Request) => boolean;
  now: Clock;
}

/** Refuses further requests after 20 answers 401 within a time; others don't count. */
export function failureLimit({ name, windowMs, keyOf, refusal, isExempt, now }: FailureLimit): RequestHandler {
  return rateLimit({
    windowMs,
    limit: FAILURES_AT_MOST,
    identifier: name,
    skip: (request) => isExempt?.(request) === true,
    store: createBoundedCounters({ windowMs, countersAtMost: COUNTERS_AT_MOST, now }),
    keyGenerator: keyOf,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (request) => {
      throw refusal(request);
    },
  });
}
