import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { HOME_TEXT } from './pages.ts';

/** Everything comes from this origin, scripts and styles as files; nobody may frame it. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** These are no views of the console, whatever a browser accepts. */
const NOT_VIEWS = /^\/(?:api|ingest|docs|assets|metrics|healthz|readyz|openapi\.yaml)(?:\/|$)/;

interface Asset {
  body: Buffer;
  gzip: Buffer | undefined;
}

/**
 * The console: its one page for every path that a browser asks for as a page, so that each view has a URL, and the files that it
 * loads. `dir` is the output of `buildConsole` in api/build-console.mjs; it is read now, and served from memory.
 */
export function consoleRouter(dir: string): Router {
  const page = readFileSync(join(dir, 'index.html'));
  const assets = readAssets(join(dir, 'assets'));
  const router = Router();

  router.get('/assets/:name', (request, response, next) => {
    const asset = assets.get(request.params.name);
    if (!asset) return next();
    // Their names change with their content.
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.vary('Accept-Encoding').type(extname(request.params.name));
    const zipped = request.acceptsEncodings('gzip') !== false ? asset.gzip : undefined;
    if (zipped) response.setHeader('Content-Encoding', 'gzip');
    response.send(zipped ?? asset.body);
  });

  // No route: Express would answer OPTIONS of every path with the methods of this one.
  router.use(forReading(homeForTerminals()));
  router.use(
    forReading((request, response, next) => {
      if (NOT_VIEWS.test(request.path) || request.accepts(['text/plain', 'text/html']) !== 'text/html') return next();
      response.setHeader('Content-Security-Policy', POLICY);
      response.setHeader('Cache-Control', 'no-cache');
      response.vary('Accept').type('html').send(page);
    }),
  );
  return router;
}

/** GET and HEAD only. */
function forReading(handler: RequestHandler): RequestHandler {
  return (request, response, next) =>
    request.method === 'GET' || request.method === 'HEAD' ? handler(request, response, next) : next();
}

/** Browsers send Accept: text/html; curl sends *\/*, and shows the answer in a terminal. */
function homeForTerminals(): RequestHandler {
  return (request, response, next) => {
    if (request.path !== '/' || request.accepts(['text/plain', 'text/html']) === 'text/html') return next();
    response.vary('Accept').type('text/plain').send(HOME_TEXT);
  };
}

function readAssets(dir: string): Map<string, Asset> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'));
  const read = (name: string) => readFileSync(join(dir, name));
  return new Map(
    names
      .filter((name) => !name.endsWith('.gz'))
      .map((name) => [name, { body: read(name), gzip: names.includes(`${name}.gz`) ? read(`${name}.gz`) : undefined }]),
  );
}
