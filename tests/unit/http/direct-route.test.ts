import { createServer, type Server } from 'node:http';
import express from 'express';
import request from 'supertest';
import { correlation } from '../../../api/src/http/correlation.ts';
import { directRoute, messagesOf } from '../../../api/src/http/direct-route.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { securityHeaders } from '../../../api/src/http/security-headers.ts';
import { Problem } from '../../../api/src/model/problems.ts';
import { collectingLogger } from '../../support/logger.ts';

const { logger } = collectingLogger();

/** The same handler behind Express's routes and in front of them; what it sees of a request is its answer. */
function serve(direct: boolean): Server {
  const app = express().disable('x-powered-by').set('trust proxy', 'loopback');
  const before = [correlation(), securityHeaders()];
  const onFault = problemHandler({ logger });
  const handle = async (asked: express.Request<Record<string, string>>, response: express.Response) => {
    if (asked.params.name === 'refused') throw new Problem('source_gone', 'No more.');
    if (asked.params.name === 'broken') throw new Error('a fault of ours');
    const { params, method, originalUrl, path, protocol, host, query, ip } = asked;
    const { correlation_id } = response.locals;
    response.json({ params, method, originalUrl, path: path.length > 1, protocol, host, query, ip, correlation_id });
  };
  app.use(...before);
  app.post('/in/:name', handle);
  app.use(onFault);
  const path = /^\/in\/(?<name>[\w-]+)(?:\?|$)/;
  if (!direct) return createServer(app);
  return createServer(messagesOf(app), directRoute(app, { method: 'POST', path, before, handle, onFault }));
}

const HEADERS = { 'x-correlation-id': 'one-1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'hooks.example.com' };

it.each([
  ['POST', '/in/shop'],
  ['POST', '/in/shop?a=1&b[c]=2'],
  ['POST', '/in/sh%6Fp'],
  ['POST', '/in/shop/'],
  ['POST', '/in/refused'],
  ['POST', '/in/broken'],
  ['POST', '/elsewhere'],
  ['GET', '/in/shop'],
] as const)('%s %s is answered as by Express', async (method, path) => {
  const [direct, routed] = await Promise.all(
    [true, false].map(async (is) => {
      const asked = request(serve(is))[method === 'POST' ? 'post' : 'get'](path);
      const { status, headers, text } = await asked.set({ ...HEADERS, host: 'inside' });
      const { date, ...rest } = headers;
      return { status, headers: rest, text };
    }),
  );
  expect(direct).toEqual(routed);
});

it('closes the connection when the answer to a fault fails', async () => {
  const path = /^\/in\/(?<name>[\w-]+)$/;
  const handle = async () => {
    throw new Error('a fault of ours');
  };
  const onFault = () => {
    throw new Error('the disk is full');
  };
  const app = express();
  const server = createServer(messagesOf(app), directRoute(app, { method: 'POST', path, before: [], handle, onFault }));
  await expect(request(server).post('/in/shop')).rejects.toThrow(/hang up|ECONNRESET/);
});
