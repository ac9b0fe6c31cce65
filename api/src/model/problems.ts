/** Answers that pass by themselves say in Retry-After when to come again: 429 and 503 can't be listed without. */
type Known =
  | { status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 412 | 413 | 415 | 422 | 431 | 500; title: string }
  | { status: 429 | 503; title: string; retryAfter: number };

/**
 * Everything that can be answered instead of a result: the one table of codes. `title` is fixed for
 * a code (RFC 9457); `detail` says what was wrong this time and what to do. `retryAfter`: seconds, where the one who
 * answers doesn't know better.
 */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  malformed_body: { status: 400, title: 'The body can not be read' },
  malformed_request: { status: 400, title: 'The request can not be read' },
  validation_failed: { status: 400, title: 'The request does not fit the contract' },
  unauthenticated: { status: 401, title: 'Authentication is needed' },
  invalid_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_link: { status: 401, title: 'The link is not valid any more' },
  invalid_signature: { status: 401, title: 'The signature does not fit the request' },
  cross_site_request: { status: 403, title: 'The request may come from another site' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  unknown_source: { status: 404, title: 'There is no such source' },
  source_gone: { status: 410, title: 'The source takes no more events' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The state does not allow it' },
  stale_version: { status: 412, title: 'Somebody changed it meanwhile' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_encoding: { status: 415, title: 'The content encoding is not supported' },
  too_many_requests: { status: 429, title: 'Too many requests', retryAfter: 60 },
  headers_too_large: { status: 431, title: 'The header fields are too large' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  source_paused: { status: 503, title: 'The source is paused', retryAfter: 300 },
  source_unreadable: { status: 503, title: 'The source is out of service', retryAfter: 60 },
  vendor_unavailable: { status: 503, title: 'The vendor can not be asked', retryAfter: 30 },
  statistics_unavailable: { status: 503, title: 'The statistics of the site can not be read', retryAfter: 60 },
  store_unavailable: { status: 503, title: 'The store can not be reached', retryAfter: 5 },
  overloaded: { status: 503, title: 'Too much is under way', retryAfter: 5 },
} as const satisfies Record<string, Known>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with one field of a request. */
export interface FieldError {
  /** JSON pointer (`/filter`, `/headers/x-a`) or `query/limit`. */
  field: string;
  message: string;
}

export interface ProblemExtras {
  errors?: FieldError[];
  /** Seconds for Retry-After, if others than usual for the code. */
  retryAfter?: number;
  cause?: unknown;
}

/** A fault with an answer of its own: thrown where a request can not go on, turned into problem+json in one place. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: FieldError[] | undefined;
  /** Seconds; each 429 and 503 has it. */
  readonly retryAfter: number | undefined;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = extras.errors;
    const known: Known = PROBLEMS[code];
    this.retryAfter = extras.retryAfter ?? ('retryAfter' in known ? known.retryAfter : undefined);
  }
}

/** One field of a request that doesn't fit; its detail says so too, for those who read only that. */
export function fieldProblem(field: string, message: string): Problem {
  return new Problem('validation_failed', `${field} ${message}`, { errors: [{ field, message }] });
}

/** Whether a fault means that the store did not answer. */
export function isAway(fault: unknown): boolean {
  return fault instanceof Problem && fault.code === 'store_unavailable';
}

/** Whether nothing was wrong with what was asked: it may succeed later. */
export function isForLater(fault: unknown): boolean {
  return fault instanceof Problem && fault.retryAfter !== undefined;
}

/** @param what such as `site abc`; whether another account has one is not told */
export function notFound(what: string): Problem {
  return new Problem('not_found', `There is no ${what}, or it belongs to another account.`);
}

/** Something that a vendor has to confirm can't be had from it now: the vendor sends its request again later. */
export function vendorUnavailable(reason: string, cause?: unknown): Problem {
  const detail = `What the vendor of this source must confirm can't be had from it (${reason}). Nothing was stored; send the same request again.`;
  return new Problem('vendor_unavailable', detail, { cause });
}

/** The store did not answer, or not in time: the outcome of the call is unknown. */
export function storeUnavailable(cause?: unknown): Problem {
  return new Problem(
    'store_unavailable',
    'The store did not answer, so whether this was done is unknown. Send the same request again after the time in Retry-After: what has a dedupe key or an Idempotency-Key is not done twice.',
    { cause },
  );
}
