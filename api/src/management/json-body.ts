import express, { type RequestHandler } from 'express';
import { shapeOf } from '../expressions/index.ts';
import { BODY_LIMITS } from '../ingest/body.ts';
import { Problem } from '../model/problems.ts';

/**
 * Whatever JSON there is, scalars included: what a body may be is the contract's affair. What would become too much
 * of it is refused before it is parsed.
 */
export function jsonBody(limit: number): RequestHandler {
  const types = ['application/json', 'application/*+json'];
  return express.json({ limit, strict: false, type: types, verify: (_request, _response, raw) => checkShape(raw) });
}

const CODES = { too_large: 'body_too_large', too_deep: 'validation_failed', broken: 'malformed_json' } as const;

/** @throws Problem, one of CODES */
function checkShape(raw: Buffer): void {
  const shape = shapeOf(raw.toString('utf8'), BODY_LIMITS);
  if (shape.ok) return;
  throw new Problem(CODES[shape.reason], `The body can't be taken: ${shape.message}.`);
}
