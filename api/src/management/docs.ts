import express, { Router } from 'express';
import type { Contract } from '../http/openapi.ts';
import { problemsPage } from './pages.ts';

export interface DocsDeps {
  contract: Pick<Contract, 'text'>;
  /** The output of `buildDocs` in api/build-docs.mjs. */
  dir: string;
}

/** Allows the page's own script and requests, and inline styles, which its renderer sets. Nothing from other origins. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The OpenAPI document at `/openapi.yaml`, rendered at `/docs`; and `/docs/problems`, which the `type` of each problem
 * response links to.
 */
export function docsRouter({ contract, dir }: DocsDeps): Router {
  const problems = problemsPage();
  const router = Router();
  router.get('/openapi.yaml', (_request, response) => {
    response.type('application/yaml').send(contract.text);
  });
  router.use('/docs', (_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    next();
  });
  router.get('/docs/problems', (_request, response) => {
    response.type('html').send(problems);
  });
  router.get('/docs', (_request, response) => {
    response.sendFile('index.html', { root: dir });
  });
  router.use('/docs', express.static(dir, { index: false, redirect: false }));
  return router;
}
