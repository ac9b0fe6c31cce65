import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PocketBase, { type ClientResponseError } from 'pocketbase';
import { startPocketBase as startSupervised } from '../../api/src/local/pocketbase.ts';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createPocketBaseQueue } from '../../api/src/store/pocketbase/queue.ts';
import type { AcceptItem } from '../../api/src/store/queue.ts';
import { collectingLogger, type LogLine } from './logger.ts';
import { until } from './until.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where global-setup.ts leaves the path of the service; unset: there is none on this machine. */
export const BINARY_VARIABLE = 'POCKETHOOK_TEST_POCKETBASE';

/** `describe` for tests that need the PocketBase service; skips where it can't be built. */
export const describeWithServices: jest.Describe = process.env[BINARY_VARIABLE] ? describe : describe.skip;

export interface TestPocketBase {
  url: string;
  /** Changes when the process is killed: it is started anew on the same port. */
  readonly pid: number | undefined;
  dataDir: string;
  email: string;
  password: string;
  /** As in ENCRYPTION_KEYS. */
  encryptionKeys: string;
  /** What it printed. */
  lines: LogLine[];
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/**
 * The real service on any free port: real migrations and hooks (and `executeSql`), a new temporary data folder, credentials of its own.
 * Destinations may be plain HTTP receivers on loopback, unless `env` says otherwise.
 */
export async function startPocketBase({ env = {} }: { env?: Record<string, string> } = {}): Promise<TestPocketBase> {
  const binary = process.env[BINARY_VARIABLE];
  if (!binary) throw new Error('There is no PocketBase service to test with; use describeWithServices.');
  const { logger, lines } = collectingLogger();
  const folder = mkdtempSync(join(tmpdir(), 'pockethook-test-'));
  const dataDir = join(folder, 'data');
  const hooksDir = join(folder, 'hooks');
  for (const hooks of ['pocketbase/pb_hooks', 'tests/support/hooks'])
    cpSync(join(ROOT, hooks), hooksDir, { recursive: true });
  const email = 'operator@example.com';
  const password = randomBytes(12).toString('hex');
  const encryptionKeys = randomBytes(32).toString('base64');
  const service = await startSupervised({
    binary,
    port: 0,
    dataDir,
    migrationsDir: join(ROOT, 'pb_migrations'),
    hooksDir,
    env: {
      POCKETBASE_ADMIN_EMAIL: email,
      POCKETBASE_ADMIN_PASSWORD: password,
      ENCRYPTION_KEYS: encryptionKeys,
      ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8',
      ALLOW_HTTP_DESTINATIONS: 'true',
      ...env,
    },
    logger,
  }).catch((fault) => {
    const printed = lines.map(({ line }) => line).join('\n');
    throw new Error(`The PocketBase service did not start:\n${printed}`, { cause: fault });
  });
  return {
    url: service.url,
    get pid() {
      return service.pid;
    },
    dataDir,
    email,
    password,
    encryptionKeys,
    lines,
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A client logged in as superuser, to arrange and to look behind the API; once the service answers, if it was killed. */
export async function superuser({ url, email, password }: TestPocketBase): Promise<PocketBase> {
  const pb = new PocketBase(url);
  pb.autoCancellation(false);
  await until('the PocketBase service', () => logIn(pb, email, password));
  return pb;
}

/** Undefined: nothing answers, or the connection was one to a process that is gone. */
async function logIn(pb: PocketBase, email: string, password: string): Promise<true | undefined> {
  try {
    await pb.collection('_superusers').authWithPassword(email, password);
    return true;
  } catch (fault) {
    if ((fault as ClientResponseError).status !== 0) throw fault;
    return undefined;
  }
}

/** Stores an event with its deliveries as if it had come in, leased to nobody who works. */
export async function acceptItem(pb: PocketBase, item: AcceptItem): Promise<void> {
  const deps = { pb, metrics: createMetrics(), onConfigVersion: () => undefined };
  await createPocketBaseQueue(deps, { owner: 'test', leaseMs: () => 60_000 }).accept([item]);
}

/** Runs SQL behind every check, to arrange what nobody may write. `{:name}` stands for a parameter. */
export async function executeSql(pb: PocketBase, query: string, params: Record<string, unknown> = {}): Promise<void> {
  await pb.send('/api/tests/sql', { method: 'POST', body: { query, params } });
}

/** Changes fields of one row in this way. */
export async function rewriteRow(
  pb: PocketBase,
  collection: string,
  id: string,
  fields: Record<string, unknown>,
): Promise<void> {
  const changes = Object.keys(fields).map((name) => `\`${name}\` = {:${name}}`);
  await executeSql(pb, `UPDATE ${collection} SET ${changes} WHERE id = {:id}`, { ...fields, id });
}
