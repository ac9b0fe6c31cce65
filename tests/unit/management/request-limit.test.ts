import express from 'express';
import request from 'supertest';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { requestLimit } from '../../../api/src/management/request-limit.ts';
import type { Actor } from '../../../api/src/store/records.ts';
import { collectingLogger } from '../../support/logger.ts';

function serve() {
  let time = Date.now();
  const app = express();
  app.use((asked, response, next) => {
    const email = asked.get('x-email');
    if (email) response.locals.actor = { kind: 'operator', id: email, email } as Actor;
    next();
  });
  app.use(requestLimit({ now: () => time, atMost: 3 }));
  app.get('/', (_request, response) => void response.sendStatus(200));
  app.use(problemHandler({ logger: collectingLogger().logger }));
  return {
    ask: (email: string) =>
      request(app)
        .get('/')
        .set(email === '' ? {} : { 'x-email': email }),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test('each answer says how many requests are left, and one too many when to come again', async () => {
  const { ask, pass } = serve();
  const first = await ask('ada@example.com');
  expect(first.get('ratelimit-policy')).toMatch(/^"requests"; q=3; w=60; pk=:\S+:$/);
  expect(first.get('ratelimit')).toMatch(/^"requests"; r=2; t=(59|60)$/);
  await ask('ada@example.com');
  expect((await ask('ada@example.com')).get('ratelimit')).toMatch(/r=0/);
  pass(20_000);
  const refused = await ask('ada@example.com');
  expect([refused.status, refused.get('retry-after'), refused.body.code]).toEqual([429, '40', 'too_many_requests']);
  expect(refused.get('ratelimit')).toMatch(/r=0/);
  expect((await ask('bob@example.com')).status).toBe(200);
  pass(40_001);
  expect((await ask('ada@example.com')).status).toBe(200);
});

test('who has not logged in is not counted here', async () => {
  const { ask } = serve();
  for (let n = 0; n < 5; n++) {
    const answer = await ask('');
    expect([answer.status, answer.get('ratelimit')]).toEqual([200, undefined]);
  }
});
