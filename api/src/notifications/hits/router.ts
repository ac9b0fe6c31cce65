import { type RequestHandler, Router } from 'express';
import { Problem } from '../../model/problems.ts';
import { HEADERS_FOR_TRACKERS, type HitsHandler } from './handler.ts';

/** The other methods of `/api/event`; and POST, by whatever spelling of the path it gets here. */
export function hitsRouter(handle: HitsHandler): Router {
  const router = Router({ caseSensitive: true });
  router.use(forTrackers);
  router.options('/', (_request, response) => {
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Max-Age', '86400');
    response.sendStatus(204);
  });
  router.post('/', (request, response) => {
    response.locals.reported = true;
    return handle(request, response, request.app.get('trust proxy fn'));
  });
  router.all('/', (_request, response) => {
    response.setHeader('Allow', 'POST, OPTIONS');
    throw new Problem('method_not_allowed', 'Send events of a tracker with POST.');
  });
  return router;
}

const forTrackers: RequestHandler = (_request, response, next) => {
  for (const [name, value] of HEADERS_FOR_TRACKERS) response.setHeader(name, value);
  next();
};
