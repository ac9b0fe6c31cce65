import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { makeCorrelationId } from './correlation-id.ts';

declare global {
  namespace Express {
    interface Locals {
      /** The producer's `X-Correlation-Id`, or one made here: on each answer, log line, event and delivery. */
      correlation_id: string;
      /** W3C trace context of the request; empty if it sent none that is valid. */
      traceparent: string;
    }
  }
}

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,128}$/;
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const ZEROES = /^0+$/;
/** What the store keeps; those of version 00 have 55 characters. */
const TRACEPARENT_LENGTH = 200;

/** The producer's `X-Correlation-Id`, or a new one. An id of another form is replaced, not refused: a header must not cost anybody an event. */
export function correlationIdOf(request: IncomingMessage, make: () => string = makeCorrelationId): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : make();
}

/** Puts `correlation_id` and `traceparent` in `response.locals` and the correlation id on the answer. */
export function correlation(make: () => string = makeCorrelationId): RequestHandler {
  return (request, response, next) => {
    const id = correlationIdOf(request, make);
    response.locals.correlation_id = id;
    response.locals.traceparent = parseTraceparent(request.get('traceparent'));
    response.setHeader('X-Correlation-Id', id);
    next();
  };
}

/** The header's text if it is valid by W3C Trace Context (level 1, section 3.2) and can be kept, else the empty text. */
export function parseTraceparent(header: string | undefined): string {
  const match = TRACEPARENT.exec(header ?? '');
  if (!match || match[0].length > TRACEPARENT_LENGTH) return '';
  const [text, version = '', trace = '', parent = '', more] = match;
  if (version === 'ff' || ZEROES.test(trace) || ZEROES.test(parent)) return '';
  // Version 00 ends with the flags; a later one may carry more.
  if (version === '00' && more !== undefined) return '';
  return text;
}
