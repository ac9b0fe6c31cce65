/** The yardstick: the same HTTP stack with nothing in between. Receives, forwards with got, answers; stores nothing. */
import { Agent } from 'node:http';
import express from 'express';
import got from 'got';

const [, , sinkPort] = process.argv;
const agent = { http: new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 256 }) };
const post = got.extend({
  method: 'POST',
  isStream: true,
  agent,
  retry: { limit: 0 },
  followRedirect: false,
  decompress: false,
  throwHttpErrors: false,
});

const app = express();
app.disable('etag');
app.use(express.raw({ type: () => true }));
app.post('/forward', (request, response) => {
  const answer = post(`http://127.0.0.1:${sinkPort}/`, {
    body: request.body,
    headers: { 'content-type': 'application/json', 'content-length': String(request.body.length) },
  }) as unknown as NodeJS.ReadableStream;
  answer.resume();
  answer.on('end', () => response.status(202).json({ status: 'forwarded' }));
  answer.on('error', () => response.status(502).json({ status: 'failed' }));
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : ''}\n`);
});
