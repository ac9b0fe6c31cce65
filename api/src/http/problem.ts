import type { ServerResponse } from 'node:http';
import { isNativeError } from 'node:util/types';
import type { ErrorRequestHandler, Response } from 'express';
import { type FieldError, PROBLEMS, Problem, type ProblemCode } from '../model/problems.ts';
import { faultFields, type Logger } from '../ops/logger.ts';

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

/** The last middleware: whatever was thrown becomes an answer with a code and a sentence that helps. */
export function problemHandler(deps: { logger: Pick<Logger, 'error'> }): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const problem = toProblem(error);
    response.locals.problem = problem.code;
    if (PROBLEMS[problem.code].status >= 500) reportFault(deps.logger, problem, response.locals.correlation_id);
    // Half an answer can't be taken back; closing the connection is the only way to say that it is not whole.
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem);
  };
}

/** The line of an answer of 5xx. */
export function reportFault(logger: Pick<Logger, 'error'>, problem: Problem, correlation_id: string): void {
  logger.error('fault', { code: problem.code, correlation_id, ...describeFault(problem.cause ?? problem) });
}

/** Answers with the problem. For those who answer outside the error handler. */
export function sendProblem(response: Response, problem: Problem): void {
  writeProblem(response, problem, response.locals.correlation_id);
}

export function writeProblem(response: ServerResponse, problem: Problem, correlationId: string): void {
  const body = JSON.stringify(problemBody(problem, correlationId));
  if (problem.retryAfter !== undefined) response.setHeader('Retry-After', String(problem.retryAfter));
  if (problem.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.statusCode = PROBLEMS[problem.code].status;
  response.end(body);
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

/** What Express and its router throw has a status; the rest is a fault of ours. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = isHttpError(error) ? error.status : undefined;
  if (error instanceof URIError) {
    return new Problem(
      'malformed_request',
      'The path has a % that is not followed by two hexadecimal digits of UTF-8.',
    );
  }
  if (status === 404) return new Problem('not_found', 'There is nothing here.', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(
      'malformed_request',
      'The path or a header field asks for something that is not possible here.',
      {
        cause: error,
      },
    );
  }
  return new Problem(
    'internal_error',
    'The fault is logged under the correlation id. Trying again may help; if not, tell the operator the id.',
    { cause: error },
  );
}

/** What Express and its router throw (http-errors). Others have a `status` too, of answers that somebody else got. */
function isHttpError(error: unknown): error is { status: unknown } {
  return isNativeError(error) && 'expose' in error && 'status' in error;
}

/** Words and place, never the whole stack: enough to find the line. */
function describeFault(fault: unknown): object {
  const at = /\n\s+at (.+)/.exec((fault as Error | undefined)?.stack ?? '')?.[1];
  return { ...faultFields(fault), ...(at && { at }) };
}
