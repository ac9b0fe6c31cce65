import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';

export interface DirectRoute {
  method: string;
  /** Its groups are the route's parameters, of characters that need no decoding. */
  path: RegExp;
  /** Middleware that calls `next` at once and without an argument. */
  before: readonly RequestHandler[];
  handle: (request: Request<Record<string, string>>, response: Response) => Promise<void>;
  onFault: ErrorRequestHandler;
}

/**
 * Messages as the app's routes see them, for the server to make: an object whose prototype is changed afterwards, as Express does it,
 * is slow from then on.
 */
export function messagesOf(app: Express) {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Asked extends IncomingMessage> extends ServerResponse<Asked> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}

/**
 * Serves the requests that nearly all are without Express looking for their route, which takes longer than many of them; its
 * request and response, which the server makes with `messagesOf`, are the same as in the app, which serves all others, this route
 * in its other spellings included.
 */
export function directRoute(app: Express, route: DirectRoute): RequestListener {
  return (incoming, outgoing) => {
    const params = incoming.method === route.method ? route.path.exec(incoming.url ?? '')?.groups : undefined;
    if (params === undefined) app(incoming, outgoing);
    else void serve(route, { ...params }, incoming, outgoing);
  };
}

/** As `app.handle` of Express prepares them. */
async function serve(
  { before, handle, onFault }: DirectRoute,
  params: Record<string, string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = incoming as Request<Record<string, string>>;
  const response = outgoing as Response;
  request.res = response;
  response.req = request as Request;
  response.locals = Object.create(null);
  request.originalUrl = request.url;
  request.params = params;
  try {
    for (const prepare of before) prepare(request as Request, response, ignore);
    await handle(request, response);
  } catch (fault) {
    answerFault(fault, onFault, request as Request, response);
  }
}

/** Should that fail itself, the caller is told nothing. */
function answerFault(fault: unknown, onFault: ErrorRequestHandler, request: Request, response: Response): void {
  try {
    onFault(fault, request, response, ignore);
  } catch {
    response.destroy();
  }
}

function ignore(): void {}
