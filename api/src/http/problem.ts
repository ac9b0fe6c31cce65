import { isNativeError } from 'node:util/types';
import type { ErrorRequestHandler, Response } from 'express';
import { type FieldError, PROBLEMS, Problem, type ProblemCode } from '../model/problems.ts';
import { faultFields } from '../ops/logger.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set when the request was answered with a problem: for the request's log line. */
      problem?: ProblemCode;
    }
  }
}

/** An `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  /** Relative to the server: `/docs/problems` explains each code, on this very installation. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  correlation_id: string;
  errors?: FieldError[];
}

/** The part of winston's Logger that is used here. */
export interface FaultLogger {
  error(message: string, fields: object): unknown;
}

/** The last middleware: whatever was thrown becomes an answer with a code and a sentence that helps. */
export function problemHandler(deps: { logger: FaultLogger }): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const problem = toProblem(error);
    response.locals.problem = problem.code;
    if (PROBLEMS[problem.code].status >= 500) {
      deps.logger.error('fault', {
        code: problem.code,
        correlation_id: response.locals.correlation_id,
        ...describeFault(problem.cause ?? problem),
      });
    }
    // Half an answer can't be taken back; closing the connection is the only way to say that it is not whole.
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem);
  };
}

/** Answers with the problem. For those who answer outside the error handler. */
export function sendProblem(response: Response, problem: Problem): void {
  const { status } = PROBLEMS[problem.code];
  if (problem.retryAfter !== undefined) response.setHeader('Retry-After', String(problem.retryAfter));
  if (problem.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, response.locals.correlation_id)));
}

export function problemBody(problem: Problem, correlationId: string): ProblemBody {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `/docs/problems#${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    correlation_id: correlationId,
    ...(problem.errors && { errors: problem.errors }),
  };
}

/** What Express, its router and its body parsers throw has a status and often a type; the rest is a fault of ours. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { type, status, limit } = isHttpError(error) ? error : {};
  if (typeof type === 'string' && type in PARSER_PROBLEMS) {
    const { code, detail } = PARSER_PROBLEMS[type as keyof typeof PARSER_PROBLEMS];
    return new Problem(code, detail(error as Error, limit), { cause: error });
  }
  if (error instanceof URIError) {
    return new Problem(
      'malformed_request',
      'The path has a % that is not followed by two hexadecimal digits of UTF-8.',
    );
  }
  if (status === 404) return new Problem('not_found', 'There is nothing here.', { cause: error });
  if (status === 400) {
    return new Problem('malformed_body', 'The body does not fit its Content-Encoding.', { cause: error });
  }
  if (typeof status === 'number' && status > 400 && status < 500) {
    return new Problem('malformed_request', 'A header field asks for something that is not possible here.', {
      cause: error,
    });
  }
  return new Problem(
    'internal_error',
    'The fault is logged under the correlation id. Trying again may help; if not, tell the operator the id.',
    { cause: error },
  );
}

/** What Express's router and body parsers throw (http-errors). Others have a `status` too, of answers that somebody else got. */
function isHttpError(error: unknown): error is { type?: unknown; status?: unknown; limit?: unknown } {
  return isNativeError(error) && 'expose' in error && 'status' in error;
}

interface ParserProblem {
  code: ProblemCode;
  detail: (error: Error, limit: unknown) => string;
}

/** By the `type` of body-parser's errors. */
const PARSER_PROBLEMS = {
  'entity.parse.failed': { code: 'malformed_json', detail: describeSyntaxError },
  'entity.too.large': {
    code: 'body_too_large',
    detail: (_error, limit) => `The body may have at most ${limit} bytes, after decompression.`,
  },
  'encoding.unsupported': {
    code: 'unsupported_encoding',
    detail: () => 'Send the body as it is, or with Content-Encoding gzip, deflate or br.',
  },
  'charset.unsupported': { code: 'unsupported_encoding', detail: () => 'Send the body as UTF-8.' },
  'request.size.invalid': {
    code: 'malformed_body',
    detail: () => 'The body is shorter or longer than its Content-Length says.',
  },
  'request.aborted': { code: 'malformed_body', detail: () => 'The connection ended before the body did.' },
} as const satisfies Record<string, ParserProblem>;

/** Only the position: the engine's own sentence quotes the payload. */
function describeSyntaxError(error: Error): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? 'The body ends too early or has a character that JSON does not allow there.'
    : `The JSON is broken at position ${position} (counted from 0).`;
}

/** Words and place, never the whole stack: enough to find the line. */
function describeFault(fault: unknown): object {
  const at = /\n\s+at (.+)/.exec((fault as Error | undefined)?.stack ?? '')?.[1];
  return { ...faultFields(fault), ...(at && { at }) };
}
