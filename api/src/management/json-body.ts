import express, { type RequestHandler } from 'express';
import { shapeOf } from '../expressions/index.ts';
import { BODY_LIMITS } from '../ingest/body.ts';
import { type ByteBudget, costOf, readBody } from '../ingest/read-body.ts';
import { Problem } from '../model/problems.ts';

const TYPES = ['application/json', 'application/*+json'];

/**
 * Whatever JSON there is, scalars included: what a body may be is the contract's affair. What would become too much
 * of it is refused before it is parsed.
 */
export function jsonBody(limit: number): RequestHandler {
  return express.json({ limit, strict: false, type: TYPES, verify: (_request, _response, raw) => checkShape(raw) });
}

/**
 * The same for bodies so large that a few could fill the memory: they count in the budget of all bodies, from their first
 * byte until the answer is sent.
 */
export function largeJsonBody(limit: number, budget: ByteBudget): RequestHandler {
  return async (request, response, next) => {
    if (!request.is(TYPES)) return next();
    const raw = await readBody(request, limit, budget);
    if (raw instanceof Problem) throw raw;
    response.once('close', () => budget.release(costOf(raw)));
    checkShape(raw);
    request.body = parse(raw);
    next();
  };
}

/** @throws Problem */
function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new Problem('malformed_json', 'The body is not valid JSON.');
  }
}

const CODES = { too_large: 'body_too_large', too_deep: 'validation_failed', broken: 'malformed_json' } as const;

/** @throws Problem, one of CODES */
function checkShape(raw: Buffer): void {
  const shape = shapeOf(raw.toString('utf8'), BODY_LIMITS);
  if (shape.ok) return;
  throw new Problem(CODES[shape.reason], `The body can't be taken: ${shape.message}.`);
}
