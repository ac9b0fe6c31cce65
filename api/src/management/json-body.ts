import type { Request, RequestHandler } from 'express';
import { parseJson, shapeOf } from '../expressions/index.ts';
import { BODY_LIMITS, textOf } from '../ingest/body.ts';
import { type ByteBudget, costOf, readBody } from '../ingest/read-body.ts';
import { Problem } from '../model/problems.ts';

/**
 * Puts the JSON that a request brings into `request.body`: of at most `limit` bytes, scalars included, since what a body may
 * be is the contract's affair. Undefined: it brings none.
 */
export type JsonBody = (limit: number) => RequestHandler;

const TYPES = ['application/json', 'application/*+json'];
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
/** A parser may ignore it (RFC 8259, 8.1). */
const BYTE_ORDER_MARK = /^\ufeff/;
const UTF8 = /^(?:utf-?8|us-ascii)$/i;

/** @param budget of the bodies of all requests; each counts from its first byte until the answer is sent */
export function createJsonBody(budget: ByteBudget): JsonBody {
  return (limit) => async (request, response, next) => {
    if (!request.is(TYPES)) return next();
    refuseOtherCharset(request);
    const raw = await readBody(request, limit, budget);
    if (raw instanceof Problem) throw raw;
    const release = () => budget.release(costOf(raw));
    if (response.destroyed) release();
    else response.once('close', release);
    if (raw.length > 0) request.body = parse(textOf(raw)?.replace(BYTE_ORDER_MARK, ''));
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

/** What would become too much of it is refused before it is parsed. */
function parse(text: string | undefined): unknown {
  if (text === undefined) throw new Problem('malformed_json', "The body can't be taken: it is not valid UTF-8.");
  const shape = shapeOf(text, BODY_LIMITS);
  if (!shape.ok) throw new Problem(CODES[shape.reason], `The body can't be taken: ${shape.message}.`);
  try {
    return JSON.parse(text);
  } catch {
    const parsed = parseJson(text);
    throw new Problem('malformed_json', `The body can't be taken: ${parsed.ok ? 'it is no JSON' : parsed.message}.`);
  }
}
