import type { RequestHandler } from 'express';
import type { Clock } from '../model/ids.ts';
import type { Logger } from '../ops/logger.ts';
import type { Contract } from './openapi.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set by a route that writes a line of its own. */
      reported?: true;
    }
  }
}

export interface RequestLogDeps {
  logger: Pick<Logger, 'log' | 'isLevelEnabled'>;
  contract: Pick<Contract, 'match'>;
  /** Monotonic, in milliseconds. */
  now: Clock;
}

/** Asked every few seconds by machines: of interest only when somebody debugs. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

/** One line a request, when it is over. The route instead of the path, no query and no body: nothing that a producer wrote. */
export function requestLog(deps: RequestLogDeps): RequestHandler {
  return (request, response, next) => {
    const start = deps.now();
    const { method, path } = request;
    response.once('close', () => {
      if (response.locals.reported) return;
      const level = PROBES.has(path) ? 'debug' : 'info';
      if (!deps.logger.isLevelEnabled(level)) return;
      deps.logger.log(level, 'request', {
        method,
        route: deps.contract.match(path)?.get(method)?.path ?? 'other',
        status: response.statusCode,
        problem: response.locals.problem,
        duration_ms: Math.round((deps.now() - start) * 100) / 100,
        request_bytes: byteCount(request.headers['content-length']),
        response_bytes: byteCount(response.getHeader('content-length')),
        aborted: response.writableFinished ? undefined : true,
        correlation_id: response.locals.correlation_id,
      });
    });
    next();
  };
}

/** Undefined when the length was not declared: chunked, or none. */
function byteCount(header: unknown): number | undefined {
  return header === undefined ? undefined : Number(header);
}
