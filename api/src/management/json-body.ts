import express, { type RequestHandler } from 'express';

/** Whatever JSON there is, scalars included: what a body may be is the contract's affair. */
export function jsonBody(limit: number): RequestHandler {
  return express.json({ limit, strict: false, type: ['application/json', 'application/*+json'] });
}
