import express, { Router } from 'express';
import type { Contract } from '../http/openapi.ts';
import { PROBLEMS } from '../model/problems.ts';

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

/** `/openapi.yaml`, its readable form at `/docs`, and `/docs/problems`, which the `type` of each problem refers to. */
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

/** All texts are constants of this program, so nothing needs escaping. */
function problemsPage(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems · Pockethook API</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; }
  td, th { text-align: left; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #ddd; }
  tr:target { background: #fff3c4; }
</style>
<h1>Problems</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). <code>code</code> and <code>title</code> are fixed;
<code>detail</code> says what was wrong this time and what to do, <code>errors</code> does so for each field.
<code>correlation_id</code> finds the request in the log. <a href="/docs">API reference</a></p>
<table><tr><th>code</th><th>status</th><th>title</th></tr>
${rows.join('\n')}
</table>
</html>
`;
}
