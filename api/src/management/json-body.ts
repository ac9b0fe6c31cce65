import type { Request, RequestHandler } from 'express';
import { parsePlainJson, shapeOf } from '../expressions/index.ts';
import { BODY_LIMITS } from '../ingest/body.ts';
import { utf8TextOf } from '../ingest/charset.ts';
import { type ByteBudget, costOf, readBody } from '../ingest/read-body.ts';
import { Problem } from '../model/problems.ts';

/**
 * Parses a JSON body of at most `limit` bytes into `request.body`, which stays undefined without a body. Accepts scalars
 * too: the contract decides which JSON an operation takes.
 */
export type JsonBody = (limit: number) => RequestHandler;

const TYPES = ['application/json', 'application/*+json'];
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
/** Parsers may ignore the byte order mark (RFC 8259, 8.1). */
const BYTE_ORDER_MARK = /^\ufeff/;
const UTF8 = /^(?:utf-?8|us-ascii)$/i;

/** @param budget shared by the bodies of all requests; each body counts from its first byte until the response is sent */
export function createJsonBody(budget: ByteBudget): JsonBody {
  return (limit) => async (request, response, next) => {
    if (!request.is(TYPES)) return next();
    refuseOtherCharset(request);
    const raw = await readBody(request, limit, budget);
    if (raw instanceof Problem) throw raw;
    const release = () => budget.release(costOf(raw));
    if (response.destroyed) release();
    else response.once('close', release);
    if (raw.length > 0) request.body = parse(utf8TextOf(raw)?.replace(BYTE_ORDER_MARK, ''));
    next();
  };
}

/** RFC 8259: JSON is UTF-8. */
function refuseOtherCharset(request: Request): void {
  const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1];
  if (charset !== undefined && !UTF8.test(charset)) {
    throw new Problem('unsupported_encoding', 'Send the body as UTF-8.');
  }
}

const CODES = { too_large: 'body_too_large', too_deep: 'validation_failed', broken: 'malformed_json' } as const;

/**
 * Refuses JSON that would become too large or too deep in memory before parsing it. Whole numbers beyond 2^53 become BigInt,
 * so that constants of a template keep their digits; the contract's check refuses them where a field can't.
 */
function parse(text: string | undefined): unknown {
  if (text === undefined) throw new Problem('malformed_json', "The body can't be taken: it is not valid UTF-8.");
  const shape = shapeOf(text, BODY_LIMITS);
  if (!shape.ok) throw new Problem(CODES[shape.reason], `The body can't be taken: ${shape.message}.`);
  const parsed = parsePlainJson(text, shape);
  if (!parsed.ok) throw new Problem('malformed_json', `The body can't be taken: ${parsed.message}.`);
  return parsed.value;
}
