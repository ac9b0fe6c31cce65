import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATH } from '../support/environment.ts';
import {
  childrenOf,
  end,
  freePort,
  type Product,
  type ProductOptions,
  ROOT,
  startProduct,
} from '../support/product.ts';

let dataDir: string;
let running: Product[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pockethook-start-'));
  running = [];
});
afterEach(async () => {
  for (const product of running) await product.stop();
  rmSync(dataDir, { recursive: true });
});

async function start(options: ProductOptions = {}): Promise<Product> {
  const product = await startProduct({ dataDir, ...options });
  running.push(product);
  return product;
}

/** What a start says that ends by itself; its exit code comes first. */
async function refused(options: ProductOptions = {}): Promise<string> {
  const started = await startProduct({ dataDir, ...options }).catch((fault: Error) => fault.message);
  if (typeof started === 'string') return started;
  running.push(started);
  throw new Error('it started');
}

/** A start is refused with a few lines for people, not with a log. */
const linesFor = (text: string) => text.split('\n').slice(1);

async function listen(): Promise<{ port: number; server: Server }> {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
}

const kept = () => readFileSync(join(dataDir, 'credentials.json'), 'utf8');
const login = (product: Product) => product.output.find((line) => line.includes(JSON.parse(kept()).password));

test('a busy port names its setting, leaves nothing running, and the login is shown by the start that succeeds', async () => {
  const { port, server } = await listen();
  const api = await refused({ port });
  expect(api).toMatch(/^ended with 78\n/);
  expect(api).toMatch(new RegExp(`can't listen on 127.0.0.1:${port} .*PORT`));
  const pocketbase = await refused({ pocketbasePort: port });
  expect(pocketbase).toMatch(/^ended with 78\n/);
  expect(pocketbase).toContain('POCKETBASE_PORT');
  expect(linesFor(pocketbase)).toHaveLength(1);
  server.close();

  // The data folder is free again at once, and so is the port.
  const first = await start({ port });
  expect(login(first)).toBeDefined();
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  await first.stop();
  const second = await start();
  expect(login(second)).toBeUndefined();
});

test('one start at a time has the data folder; what kill -9 leaves is no obstacle', async () => {
  const first = await start();
  const said = await refused();
  expect(said).toMatch(/^ended with 78\n/);
  expect(said).toContain(`process ${first.process.pid} on `);
  expect(linesFor(said)).toHaveLength(1);
  await end(first.process, 'SIGKILL');
  const second = await start();
  process.kill(childrenOf(second.process.pid as number)[0] as number, 'SIGKILL');
  await second.stop();
  await start();
});

test('keys of another installation are refused, and the only copy of the right ones stays', async () => {
  const first = await start();
  await first.stop();
  const before = kept();
  const own = JSON.parse(before).encryptionKeys;
  const foreign = randomBytes(32).toString('base64');
  const said = await refused({ env: { ENCRYPTION_KEYS: foreign } });
  expect(said).toMatch(/^ended with 78\n/);
  expect(said).toMatch(/key [0-9a-f]{8} \(\d+\)/);
  expect(said).toContain(join(dataDir, 'credentials.json'));
  expect(said).not.toContain(foreign);
  expect(kept()).toBe(before);

  const rotated = await start({ env: { ENCRYPTION_KEYS: `${foreign},${own}` } });
  await rotated.stop();
  expect(JSON.parse(kept()).encryptionKeys).toBe(`${foreign},${own}`);
  await start();
});

test('a credentials file that is cut off names itself', async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(dataDir, 'credentials.json'), kept().slice(0, 50));
  const said = await refused();
  expect(said).toMatch(/^ended with 78\n/);
  expect(said).toContain(join(dataDir, 'credentials.json'));
  expect(linesFor(said)).toHaveLength(1);
});

test('a PocketBase service that can not be run names its setting', async () => {
  const said = await refused({ env: { POCKETBASE_BIN: '/nowhere/pocketbase' } });
  expect(said).toMatch(/^ended with 78\n/);
  expect(said).toContain('/nowhere/pocketbase');
  expect(said).toContain('POCKETBASE_BIN');
});

/** Runs a command that follows events until Ctrl-C; resolves with what it ended with once it has begun to wait. */
async function interrupt(terminal: ChildProcessWithoutNullStreams, ctrlC: () => void): Promise<unknown[]> {
  let said = '';
  const ended = once(terminal, 'close');
  terminal.stderr.on('data', (chunk) => {
    if (!said.includes('Waiting') && `${said}${chunk}`.includes('Waiting')) ctrlC();
    said += chunk;
  });
  const ending = await ended;
  expect(said).toContain('Waiting for events; Ctrl-C ends it.');
  return ending;
}

test("the banner's command works as it is in another terminal, and Ctrl-C ends it in order", async () => {
  const product = await start();
  const command = product.output.map((line) => /See it +(.*)/.exec(line)?.[1]).find(Boolean);
  expect(command).toContain('DATA_DIR=');
  // A process group of its own, to which a terminal sends Ctrl-C. What the shell of npx ends with is not ours.
  const options = { cwd: ROOT, env: { PATH }, detached: true };
  const pasted = spawn('sh', ['-c', String(command)], options);
  await interrupt(pasted, () => process.kill(-Number(pasted.pid), 'SIGINT'));

  const env = { DATA_DIR: product.dataDir, POCKETHOOK_URL: product.url };
  const direct = spawn(process.execPath, ['api/pockethook.mjs', 'events', 'tail'], { cwd: ROOT, env });
  // At once: a signal that comes while Node takes the process down ends it by itself, whatever the process has said.
  const twice = () => {
    direct.kill('SIGINT');
    direct.kill('SIGINT');
  };
  expect(await interrupt(direct, twice)).toEqual([0, null]);
});

test('Ctrl-C, which npm repeats, ends it with a last line and exit code 0', async () => {
  const product = await start();
  const closed = once(product.process, 'close');
  product.process.kill('SIGINT');
  product.process.kill('SIGINT');
  await closed;
  expect(product.process.exitCode).toBe(0);
  expect(product.output.at(-1)).toContain('Pockethook has stopped');
});
