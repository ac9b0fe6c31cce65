import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type PocketBase from 'pocketbase';
import request, { type Response } from 'supertest';
import { type App, createApp } from '../../api/src/app/index.ts';
import { CONTRACT_FILE, createAnswerCheck } from '../support/contract.ts';
import { collectingLogger, type LogLine } from '../support/logger.ts';
import { ROOT, startPocketBase, superuser, type TestPocketBase } from '../support/pocketbase.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

export interface CallOptions {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: object | string;
  headers?: Record<string, string>;
  /** Absent: no credentials. */
  token?: string | undefined;
}

export interface Services {
  url: string;
  pocketbase: TestPocketBase;
  pb: PocketBase;
  lines: LogLine[];
  /** Token of the superuser. */
  operator: string;
  /** Makes one call and checks the answer against the contract. `path` is the contract's template. */
  call(method: Method, path: string, options?: CallOptions): Promise<Response>;
  /** A new user of a new or given account, logged in through the API. */
  user(role: 'admin' | 'viewer', account?: string): Promise<{ token: string; account: string; email: string }>;
  stop(): Promise<void>;
}

const LOOPBACK = { ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8', ALLOW_HTTP_DESTINATIONS: 'true' };
const PASSWORD = 'a password of some length';

/** Both services as in production, on free ports, with loopback as an allowed destination. */
export async function startServices(): Promise<Services> {
  const pocketbase = await startPocketBase({ env: LOOPBACK });
  const { logger, lines } = collectingLogger('info');
  const app: App = createApp({
    config: {
      host: '127.0.0.1',
      port: 0,
      allowedPrivateNetworks: ['127.0.0.0/8'],
      allowHttpDestinations: true,
      deliveryProxy: undefined,
      allowedPorts: ['80', '443', '1024-65535'],
      retrySchedule: undefined,
      workerConcurrency: 16,
      trustProxy: false,
      retentionDays: 0,
      auditRetentionDays: 0,
      publicUrl: undefined,
    },
    pocketbaseUrl: pocketbase.url,
    encryptionKeys: pocketbase.encryptionKeys,
    contractFile: CONTRACT_FILE,
    docsDir: join(ROOT, 'api/docs'),
    consoleDir: join(ROOT, 'api/dist/console'),
    version: '0.0.0',
    schema: newestMigration(),
    logger,
  });
  const url = await app.start();
  await app.ready;
  const pb = await superuser(pocketbase);
  const checkAnswer = createAnswerCheck();

  async function call(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
    const { params = {}, query = {}, body, headers = {}, token } = options;
    const concrete = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''));
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete' | 'put';
    const asked = request(url)[verb](concrete).query(query).set(headers);
    if (token !== undefined) asked.set('Authorization', `Bearer ${token}`);
    if (body !== undefined && !headers['content-type']) asked.set('Content-Type', 'application/json');
    const answer = await (body === undefined ? asked : asked.send(body));
    checkAnswer(method, path, answer);
    return answer;
  }

  async function logIn(email: string, password: string): Promise<string> {
    return (await call('POST', '/api/v1/session', { body: { email, password } })).body.token;
  }

  return {
    url,
    pocketbase,
    pb,
    lines,
    operator: await logIn(pocketbase.email, pocketbase.password),
    call,
    async user(role, given) {
      const suffix = randomBytes(4).toString('hex');
      const account = given ?? (await pb.collection('accounts').create({ name: `account-${suffix}` })).id;
      const email = `${role}-${suffix}@example.com`;
      await pb
        .collection('users')
        .create({ email, password: PASSWORD, passwordConfirm: PASSWORD, account, role, verified: true });
      return { token: await logIn(email, PASSWORD), account, email };
    },
    async stop() {
      await app.stop();
      await pocketbase.stop();
    },
  };
}

function newestMigration(): string {
  return readdirSync(join(ROOT, 'pb_migrations')).sort().at(-1) ?? '';
}
