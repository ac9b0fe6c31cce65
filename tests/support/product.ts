import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import PocketBase from 'pocketbase';
import { startFlags } from './start-flags.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 300_000;

/** The product as `npm start` runs it: the built process, which supervises its own PocketBase. */
export interface Product {
  url: string;
  pocketbaseUrl: string;
  dataDir: string;
  process: ChildProcess;
  /** Everything it printed. */
  output: string[];
  /** Of the first operator. */
  login(): { email: string; password: string };
  /** A superuser's client of the PocketBase service. */
  superuser(): Promise<PocketBase>;
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** Given to come back after a crash: the same folder and ports. */
  dataDir?: string;
  port?: number;
  pocketbasePort?: number;
  env?: Record<string, string>;
}

/** Resolves when it is ready for work; rejects with its output when it ends before. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pockethook-'));
  const child = spawn(process.execPath, [...startFlags(ROOT), join(ROOT, 'api/dist/main.js')], {
    env: {
      ...process.env,
      PORT: String(options.port ?? 0),
      POCKETBASE_PORT: String(options.pocketbasePort ?? 0),
      DATA_DIR: dataDir,
      ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8',
      ALLOW_HTTP_DESTINATIONS: 'true',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const { url, pocketbaseUrl } = await ready(child, output);
  const login = () => JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'));
  return {
    url,
    pocketbaseUrl,
    dataDir,
    process: child,
    output,
    login,
    async superuser() {
      const { email, password } = login();
      const pb = new PocketBase(pocketbaseUrl);
      pb.autoCancellation(false);
      await pb.collection('_superusers').authWithPassword(email, password);
      return pb;
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

function ready(child: ChildProcess, output: string[]): Promise<{ url: string; pocketbaseUrl: string }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`${why}\n${output.join('\n')}`));
    };
    const timer = setTimeout(fail, READY_MS, 'not ready in time');
    let pocketbaseUrl = '';
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        pocketbaseUrl = /Dashboard +(http:\S+?)\/_\//.exec(line)?.[1] ?? pocketbaseUrl;
        const url = /"message":"ready".*"url":"(http[^"]+)"/.exec(line)?.[1];
        if (!url) return;
        clearTimeout(timer);
        resolve({ url, pocketbaseUrl });
      });
    }
    child.once('close', (code, signal) => fail(`ended with ${code ?? signal}`));
  });
}

/** Sends the signal and resolves when the process is gone. */
export function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** The process ids of a process's children (Linux). */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** A port that was free just now, for what must come back on the same one. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
