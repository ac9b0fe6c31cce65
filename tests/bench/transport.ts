/** CPU time for each outgoing request: the product's transport beside got and Node's own client, in turns. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import got from 'got';
import { createGuard } from '../../api/src/delivery/guard.ts';
import { createTransport } from '../../api/src/delivery/transport/transport.ts';
import { startSink } from './sink.ts';

const [, self = '', given] = process.argv;
const REQUESTS = Number(given) || 10_000;
const AT_A_TIME = 32;
const ROUNDS = 5;

type Post = (url: string, body: Buffer) => Promise<unknown>;

function clients(): Record<string, Post> {
  const agent = new http.Agent({ keepAlive: true, timeout: 4_000, maxFreeSockets: 64, scheduling: 'lifo' });
  const headers = { 'content-type': 'application/json', 'content-length': '1024' };
  const gotOptions = {
    agent: { http: agent },
    retry: { limit: 0 },
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    headers,
  } as const;
  const guard = createGuard({ allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1-65535'], allowHttp: true });
  const transport = createTransport(guard);
  const { signal } = new AbortController();
  return {
    'got, promise': (url, body) => got.post(url, { ...gotOptions, body }),
    'got, stream': (url, body) =>
      new Promise((resolve, reject) => {
        const stream = got.stream.post(url, { ...gotOptions, body });
        stream.on('end', resolve).on('error', reject).resume();
      }),
    'node:http': (url, body) =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
          response.on('end', resolve).resume();
        });
        request.on('error', reject).end(body);
      }),
    'the product (undici)': (url, body) => transport.send({ url, headers, body, timeoutMs: 15_000 }, signal),
  };
}

async function cpuOf(post: Post, url: string, count: number): Promise<number> {
  const body = Buffer.alloc(1024, 'x');
  let left = count;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (left-- > 0) await post(url, body);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

async function measure(): Promise<void> {
  const child = fork(self, ['sink']);
  const [port] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}/hook`;
  const results = Object.entries(clients()).map(([client, post]) => ({ client, post, all: [] as number[] }));
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const { post, all } of results) {
      const ms = await cpuOf(post, url, Math.ceil(REQUESTS / ROUNDS));
      if (round > 0) all.push(ms);
    }
  console.table(
    results.map(({ client, all }) => ({
      client,
      'CPU ms a request, least': Math.min(...all).toFixed(3),
      median: all.toSorted((a, b) => a - b)[ROUNDS >> 1]?.toFixed(3),
    })),
  );
  child.kill();
  process.exit();
}

if (given === 'sink') process.send?.((await startSink()).port);
else await measure();
