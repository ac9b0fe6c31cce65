import express, { Router } from 'express';
import type { Contract } from '../http/openapi.ts';
import { HOME_TEXT, homePage, problemsPage } from './pages.ts';

export interface DocsDeps {
  contract: Pick<Contract, 'text'>;
  /** What `buildDocs` of api/build-docs.mjs wrote. */
  dir: string;
}

/** The page needs its own script and its own requests; its renderer sets styles from script. Nothing comes from elsewhere. */
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
 * `/`, for who opens the API's address; `/openapi.yaml`, its readable form at `/docs`, and `/docs/problems`, which the
 * `type` of each problem refers to.
 */
export function docsRouter({ contract, dir }: DocsDeps): Router {
  const home = homePage();
  const problems = problemsPage();
  const router = Router();
  router.get('/openapi.yaml', (_request, response) => {
    response.type('application/yaml').send(contract.text);
  });
  router.use(/^\/(?:docs|$)/, (_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    next();
  });
  router.get(/^\/$/, (request, response) => {
    response.vary('Accept');
    // A browser names HTML; curl takes anything, and shows it in a terminal.
    if (request.accepts(['text/plain', 'text/html']) === 'text/html') response.type('html').send(home);
    else response.type('text/plain').send(HOME_TEXT);
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
