import { createServer, type IncomingMessage, type Server } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import type { Config } from './config.ts';
import { answerClientError } from './http/client-error.ts';
import { correlation } from './http/correlation.ts';
import { directRoute, messagesOf } from './http/direct-route.ts';
import { notFound } from './http/not-found.ts';
import type { Contract } from './http/openapi.ts';
import { problemHandler } from './http/problem.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { IngestRoutes } from './ingest/router.ts';
import type { HitsHandler } from './notifications/hits/handler.ts';
import { hitsRouter } from './notifications/hits/router.ts';
import type { Logger } from './ops/logger.ts';

export interface ServerDeps {
  contract: Contract;
  logger: Logger;
  trustProxy: Config['trustProxy'];
  ingest: IngestRoutes;
  hits: HitsHandler;
  health: Router;
  management: RequestHandler;
  docs: RequestHandler;
  console: RequestHandler;
}

const HITS = '/api/event';

/** Slow senders are cut off early: these held a thousand of them without slowing others down. */
const TIMEOUTS = {
  headersTimeout: 5_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
};

const INGEST_PATH = /^\/ingest\/(?<source>[\w-]+)(?:\?|$)/;

/** The order of middleware, and what is mounted where. */
export function createHttpServer(deps: ServerDeps): Server {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustProxy);
  // Should the problem handler itself fail, Express answers: in any other environment with the stack.
  app.set('env', 'production');
  const { logger, contract } = deps;
  const before = [correlation(), securityHeaders(), requestLog({ logger, contract, now: () => performance.now() })];
  const onFault = problemHandler({ logger });
  app.use(...before);
  app.use('/ingest', deps.ingest.router);
  app.use(HITS, hitsRouter(deps.hits));
  app.use(deps.health);
  app.use('/api/v1', deps.management);
  app.use(deps.docs);
  app.use(deps.console);
  app.use(notFound(contract));
  app.use(onFault);
  const trusts = app.get('trust proxy fn');
  const ingest = { method: 'POST', path: INGEST_PATH, before, handle: deps.ingest.post, onFault };
  const serve = directRoute(app, ingest);
  return createServer({ ...TIMEOUTS, ...messagesOf(app) }, (request, response) => {
    if (isHit(request)) deps.hits(request, response, trusts).catch(() => response.destroy());
    else serve(request, response);
  }).on('clientError', answerClientError);
}

/** A tracker's request, as nearly all are written. It doesn't pass through Express: there are a thousand a second of them. */
function isHit({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === HITS;
}
