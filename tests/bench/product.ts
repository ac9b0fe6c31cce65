import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PocketBase from 'pocketbase';
import { startFlags } from '../support/start-flags.ts';
import { sleep, withConnections } from './measure.ts';
import { ingestRequest } from './payload.ts';
import { childrenOf, startNode, stop, waitForLine } from './processes.ts';

export interface Product {
  port: number;
  secret: string;
  dataDir: string;
  /** Process ids by name. */
  pids: { api: number; pocketbase: number };
  /** A superuser's client of the PocketBase service. */
  superuser: PocketBase;
  /** Calls to PocketBase so far. */
  storeRequests(): Promise<number>;
  /** What `/metrics` says now. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** The two real services as `npm start` runs them, with one source (github), one mapping and one HTTP destination. */
export async function startProduct(
  root: string,
  logDir: string,
  sinkPort: number,
  nodeFlags: string[],
): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pockethook-bench-'));
  const log = join(logDir, 'pockethook.log');
  const env = {
    PORT: '0',
    POCKETBASE_PORT: '0',
    DATA_DIR: dataDir,
    ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8',
    ALLOW_HTTP_DESTINATIONS: 'true',
  };
  const child = startNode([...startFlags(root), ...nodeFlags, join(root, 'api/dist/main.js')], env, log);
  const url = await waitForLine(log, /"message":"ready".*"url":"(http[^"]+)"/, child);
  const pocketbaseUrl = await waitForLine(log, /Dashboard +(http:\S+?)\/_\//, child);
  const secret = randomBytes(20).toString('hex');
  const superuser = await logIn(pocketbaseUrl, dataDir);
  await configure(superuser, secret, sinkPort);
  const api = child.pid as number;
  const port = Number(new URL(url).port);
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  await untilConfigured(port, secret, metrics);
  return {
    port,
    secret,
    dataDir,
    pids: { api, pocketbase: childrenOf(api)[0] as number },
    superuser,
    metrics,
    async storeRequests() {
      const counts = [...(await metrics()).matchAll(/^pockethook_store_requests_total\{.*\} (\d+)$/gm)];
      return counts.reduce((total, match) => total + Number(match[1]), 0);
    },
    stop: () => stop(child),
  };
}

const DELIVERED = /^pockethook_decisions_total\{outcome="delivery"\} [1-9]/m;

/** The API reads what was saved a moment later: until then events have no mapping, and never arrive. */
async function untilConfigured(port: number, secret: string, metrics: () => Promise<string>): Promise<void> {
  await withConnections(port, 1, async (send) => {
    for (let n = -1; !DELIVERED.test(await metrics()); n--) {
      await send(ingestRequest('/ingest/bench', n, secret));
      await sleep(20);
    }
  });
}

async function logIn(pocketbaseUrl: string, dataDir: string): Promise<PocketBase> {
  const { email, password } = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'));
  const pb = new PocketBase(pocketbaseUrl);
  pb.autoCancellation(false);
  await pb.collection('_superusers').authWithPassword(email, password);
  return pb;
}

async function configure(pb: PocketBase, secret: string, sinkPort: number): Promise<void> {
  const source = await pb.collection('sources').create({
    name: 'bench',
    enabled: true,
    verification: 'github',
    secrets: [secret],
    extract: { title: 'body.issue.title', number: 'body.issue.number' },
  });
  const destination = await pb.collection('destinations').create({
    name: 'sink',
    type: 'http',
    url: `http://127.0.0.1:${sinkPort}/`,
    enabled: true,
    secrets: [`whsec_${randomBytes(32).toString('base64')}`],
  });
  await pb.collection('mappings').create({
    name: 'bench',
    source: source.id,
    destination: destination.id,
    enabled: true,
    filter: 'body.action == "opened" && size(body.labels) > 1',
    template: {
      n: '{{ body.n }}',
      title: '{{ data.title }}',
      text: 'Issue {{ data.number }} by {{ body.issue.user.login }}',
      labels: '{{ body.labels }}',
    },
  });
}
