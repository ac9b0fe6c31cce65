import express from 'express';
import request from 'supertest';
import { clientIp } from '../../../../api/src/notifications/hits/client-ip.ts';

async function ipOf(trustProxy: number | string | false, headers: Record<string, string>): Promise<string> {
  const app = express().set('trust proxy', trustProxy);
  app.get('/', (incoming, response) => void response.send(clientIp(incoming, app.get('trust proxy fn'))));
  return (await request(app).get('/').set(headers)).text;
}

const everything = {
  'x-plausible-ip': '192.0.2.1',
  'cf-connecting-ip': '192.0.2.2',
  'x-forwarded-for': '192.0.2.3, 192.0.2.4',
  forwarded: 'for=192.0.2.5',
};

test.each([false as const, '10.0.0.0/8'])(
  'who is no trusted proxy (%s) says nothing about the client',
  async (trust) => {
    expect(await ipOf(trust, everything)).toBe('127.0.0.1');
  },
);

test.each<[Record<string, string>, string]>([
  [everything, '192.0.2.1'],
  [{ ...everything, 'x-plausible-ip': '' }, '192.0.2.2'],
  [{ 'x-forwarded-for': '192.0.2.3, 192.0.2.4', forwarded: 'for=192.0.2.5' }, '192.0.2.4'],
  [{ forwarded: 'for="[2001:db8::1]:4711";proto=https, for=192.0.2.9' }, '2001:db8::1'],
  [{ forwarded: 'by=192.0.2.9;For=192.0.2.5:80' }, '192.0.2.5'],
  [{ 'x-plausible-ip': '::ffff:192.0.2.7' }, '192.0.2.7'],
  [{}, '127.0.0.1'],
])('behind a trusted proxy with %j: %s', async (headers, expected) => {
  expect(await ipOf('loopback', headers)).toBe(expected);
});

test('of X-Forwarded-For as many addresses are believed as there are proxies', async () => {
  expect(await ipOf(2, { 'x-forwarded-for': '192.0.2.3, 192.0.2.4' })).toBe('192.0.2.3');
});
