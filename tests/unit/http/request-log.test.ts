import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import request from 'supertest';
import { correlation } from '../../../api/src/http/correlation.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { requestLog } from '../../../api/src/http/request-log.ts';
import { Problem } from '../../../api/src/model/problems.ts';
import type { Logger } from '../../../api/src/ops/logger.ts';
import { collectingLogger } from '../../support/logger.ts';
import { thingsContract } from './support.ts';

function serve(logger: Logger) {
  let time = 0;
  const app = express();
  app.use(correlation(), requestLog({ logger, contract: thingsContract(), now: () => (time += 1.5) }));
  app.get(['/things/:id', '/healthz', '/elsewhere'], (_request, response) => {
    response.send('four');
  });
  app.post('/things', () => {
    throw new Problem('forbidden', 'Not you.');
  });
  app.use(problemHandler({ logger }));
  return app;
}

describe('requestLog', () => {
  it('writes one line with the route, never the path or the query', async () => {
    const { logger, lines } = collectingLogger('info');
    const response = await request(serve(logger)).get('/things/17?token=secret');
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'request',
        method: 'GET',
        route: '/things/{id}',
        status: 200,
        duration_ms: 1.5,
        response_bytes: 4,
        correlation_id: response.get('x-correlation-id'),
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|17\?/);
  });

  it('has the code of the problem and the size of the body', async () => {
    const { logger, lines } = collectingLogger('info');
    await request(serve(logger)).post('/things').type('text/plain').send('payload');
    expect(lines).toMatchObject([
      { route: '/things', status: 403, problem: 'forbidden', request_bytes: 7, response_bytes: expect.any(Number) },
    ]);
    expect(JSON.stringify(lines)).not.toContain('payload');
  });

  it('calls a path outside of the contract "other", so that a scan makes no new routes', async () => {
    const { logger, lines } = collectingLogger('info');
    await request(serve(logger)).get('/elsewhere');
    expect(lines).toMatchObject([{ route: 'other' }]);
  });

  it.each([
    ['info', 0],
    ['debug', 1],
  ] as const)('at level %s, a probe makes %i lines', async (level, count) => {
    const { logger, lines } = collectingLogger(level);
    await request(serve(logger)).get('/healthz');
    expect(lines).toHaveLength(count);
  });

  it('says that the caller went away', async () => {
    const { logger, lines } = collectingLogger('info');
    const app = express();
    app.use(requestLog({ logger, contract: thingsContract(), now: () => 0 }));
    const server = app.listen(0, '127.0.0.1');
    const arrived = new Promise<express.Response>((resolve) =>
      app.get('/things/:id', (_request, response) => resolve(response)),
    );
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /things/1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const response = await arrived;
    socket.destroy();
    await once(response, 'close');
    expect(lines).toMatchObject([{ aborted: true, route: '/things/{id}' }]);
    await new Promise((done) => server.close(done));
  });
});
