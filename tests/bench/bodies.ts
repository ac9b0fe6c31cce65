/** How long single hostile bodies hold up the API's event loop, seen from this process: the longest answer of /healthz meanwhile. */
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostileBodies } from '../support/hostile-bodies.ts';
import { startProduct } from '../support/product.ts';

const ROUNDS = 3;
const PING_EVERY_MS = 2;

const product = await startProduct({ env: { NODE_OPTIONS: '--max-old-space-size=256' } });
const agent = new Agent({ keepAlive: true });
const ping = () =>
  new Promise<number>((resolve, reject) => {
    const started = performance.now();
    get(`${product.url}/healthz`, { agent }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - started));
    }).on('error', reject);
  });

/** The longest answer while `work` is under way. */
async function longestPing(work: Promise<unknown>): Promise<number> {
  let ended = false;
  const done = work.finally(() => {
    ended = true;
  });
  let longest = 0;
  while (!ended) {
    longest = Math.max(longest, await ping());
    await sleep(PING_EVERY_MS);
  }
  await done;
  return longest;
}

const rows = [{ what: 'nothing', status: 0, bytes: 0, longest_ms: Math.round(await longestPing(sleep(2_000))) }];
for (const { what, headers, body } of hostileBodies()) {
  // The best of several: others use this machine as well.
  let longest = Number.POSITIVE_INFINITY;
  let status = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const sent = fetch(`${product.url}/ingest/generic`, { method: 'POST', headers, body }).then(async (response) => {
      status = response.status;
      await response.arrayBuffer();
    });
    longest = Math.min(longest, await longestPing(sent));
  }
  rows.push({ what, status, bytes: body.length, longest_ms: Math.round(longest) });
}
console.table(rows);
agent.destroy();
await product.stop();
