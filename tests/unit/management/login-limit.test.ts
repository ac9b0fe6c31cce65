import express, { type RequestHandler } from 'express';
import request from 'supertest';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { loginLimit } from '../../../api/src/management/login-limit.ts';
import { collectingLogger } from '../../support/logger.ts';

const PASSWORD = 'right';

/** Every e-mail has the same password; addresses are what the header says, as behind a proxy that is named. */
function serve({ trustProxy = 1 }: { trustProxy?: number | false } = {}) {
  let time = Date.now();
  const { logger, lines } = collectingLogger();
  const app = express();
  app.set('trust proxy', trustProxy);
  const session: RequestHandler = ({ body }, response) =>
    void response.sendStatus(body.password === PASSWORD ? 200 : 401);
  app.post('/session', express.json(), ...loginLimit({ now: () => time, logger }), session);
  app.use(problemHandler({ logger }));
  const logIn = async (email: string, password: string, address: string) => {
    const answer = await request(app).post('/session').set('x-forwarded-for', address).send({ email, password });
    return answer.status === 429 ? `429 ${answer.get('retry-after')}` : answer.status;
  };
  return {
    lines,
    logIn,
    async fail(times: number, email: (n: number) => string, address: (n: number) => string) {
      const answers = [];
      for (let n = 0; n < times; n++) answers.push(await logIn(email(n), 'wrong', address(n)));
      return answers;
    },
    pass(ms: number) {
      time += ms;
    },
  };
}

const OWNER = 'owner@example.com';
const HOME = '192.0.2.1';

test('who tries many e-mails from one address is stopped, and nobody else', async () => {
  const { fail, logIn, pass } = serve();
  const answers = await fail(
    25,
    (n) => `random-${n}@example.com`,
    (n) => `2001:db8:1:2::${n}`,
  );
  expect(answers).toEqual([...Array(20).fill(401), ...Array(5).fill('429 60')]);
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
  expect(await logIn(OWNER, PASSWORD, '2001:db8:1:3::1')).toBe(200);
  expect(await logIn(OWNER, PASSWORD, '2001:db8:1:2:ffff::1')).toBe('429 60');
  pass(60_001);
  expect(await logIn(OWNER, PASSWORD, '2001:db8:1:2:ffff::1')).toBe(200);
});

test('who guesses at one e-mail from many addresses is stopped; its owner is not where they logged in before', async () => {
  const { fail, logIn, pass } = serve();
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
  const answers = await fail(
    22,
    (n) => (n % 2 ? OWNER : OWNER.toUpperCase()),
    (n) => `198.51.100.${n}`,
  );
  expect(answers).toEqual([...Array(20).fill(401), '429 300', '429 300']);
  expect(await logIn(OWNER, PASSWORD, '203.0.113.1')).toBe('429 300');
  // Not for ever, however long it is guessed at.
  for (let minute = 0; minute < 20; minute++) {
    await fail(
      2,
      () => OWNER,
      (n) => `198.51.100.${minute * 2 + n}`,
    );
    expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
    pass(60_000);
  }
  pass(5 * 60_000);
  expect(await logIn(OWNER, PASSWORD, '203.0.113.1')).toBe(200);
});

test('unknown e-mails are counted as known ones are', async () => {
  const { fail } = serve();
  const known = await fail(
    22,
    () => OWNER,
    (n) => `198.51.100.${n}`,
  );
  const unknown = await fail(
    22,
    () => 'nobody@example.com',
    (n) => `203.0.113.${n}`,
  );
  expect(unknown).toEqual(known);
});

test('a place where one logged in before is limited too', async () => {
  const { fail, logIn } = serve();
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
  expect(
    await fail(
      21,
      () => OWNER,
      () => HOME,
    ),
  ).toEqual([...Array(20).fill(401), '429 60']);
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe('429 60');
});

test('logins that succeed don’t count', async () => {
  const { logIn } = serve();
  for (let n = 0; n < 30; n++) expect(await logIn(`user-${n}@example.com`, PASSWORD, HOME)).toBe(200);
});

test('a proxy that is not named is told of once; who logged in before it began still can', async () => {
  const { fail, lines, logIn } = serve({ trustProxy: false });
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
  const answers = await fail(
    23,
    (n) => `random-${n}@example.com`,
    (n) => `198.51.100.${n}`,
  );
  expect(answers.slice(20)).toEqual(['429 60', '429 60', '429 60']);
  expect(await logIn(OWNER, PASSWORD, HOME)).toBe(200);
  expect(lines).toEqual([
    { level: 'warn', message: expect.stringContaining('proxy'), error: expect.stringContaining('TRUST_PROXY') },
  ]);
});
