import { randomBytes } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { RecordModel } from 'pocketbase';
import {
  type AppOverrides,
  startApp,
  startPocketBase,
  superuser,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { until } from '../support/until.ts';

/** An answer's body, whose shape the contract tests check; here tests look at what matters to them. */
// biome-ignore lint/suspicious/noExplicitAny: a test that names a wrong field fails by itself
export type Json = any;

/** Both real services with an operator's hands on them. */
export interface Workspace {
  pocketbase: TestPocketBase;
  /** May be replaced by another one over the same store. */
  app: TestApp;
  /** The operator's client, as behind the dashboard. */
  pb: PocketBase;
  /** Posts to `/ingest/{source}`. */
  ingest(source: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  /** Makes a record through the API; it is in force when this resolves. */
  create(collection: 'sources' | 'destinations' | 'mappings', fields: Record<string, unknown>): Promise<RecordModel>;
  /** A source that leads to a destination through one mapping. */
  route(parts: { source?: object; destination: object; mapping?: object }): Promise<RoutedRecords>;
  /** The deliveries of an event, oldest first, as soon as all of them are in one of the states. */
  deliveries(event: string, ...states: string[]): Promise<RecordModel[]>;
  /** Makes a management call as operator. */
  api(method: string, path: string, body?: object): Promise<{ status: number; body: Json }>;
  stop(): Promise<void>;
}

/** `source` is its name. */
export interface RoutedRecords {
  source: string;
  sourceId: string;
  destinationId: string;
  mappingId: string;
  /** Signing secrets of the destination. */
  secrets: string[];
}

export async function openWorkspace(overrides?: AppOverrides, env?: Record<string, string>): Promise<Workspace> {
  const pocketbase = await startPocketBase(env ? { env } : {});
  const app = await startApp(pocketbase, overrides);
  const pb = await superuser(pocketbase);
  let token: string | undefined;

  const workspace: Workspace = {
    pocketbase,
    app,
    pb,
    ingest: (source, body, headers = {}) =>
      fetch(`${workspace.app.url}/ingest/${source}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async create(collection, fields) {
      const { status, body } = await workspace.api('POST', `/${collection}`, fields);
      if (status !== 201) throw new Error(`${collection} answered ${status}: ${JSON.stringify(body)}`);
      return body;
    },
    async route({ source = {}, destination, mapping = {} }) {
      const name = `source-${randomBytes(5).toString('hex')}`;
      const { id: sourceId } = await workspace.create('sources', {
        name,
        enabled: true,
        verification: 'none',
        ...source,
      });
      const { id: destinationId, secrets } = await workspace.create('destinations', {
        name,
        enabled: true,
        ...destination,
      });
      const { id: mappingId } = await workspace.create('mappings', {
        name,
        enabled: true,
        source: sourceId,
        destination: destinationId,
        ...mapping,
      });
      return { source: name, sourceId, destinationId, mappingId, secrets };
    },
    deliveries: (event, ...states) =>
      until(`deliveries of ${event} ${states}`, async () => {
        const found = await pb
          .collection('deliveries')
          .getFullList({ filter: pb.filter('event = {:event}', { event }), sort: 'seq' });
        return found.length > 0 && found.every(({ state }) => states.includes(state)) ? found : undefined;
      }),
    async api(method, path, body) {
      token ??= ((await (await login()).json()) as { token: string }).token;
      const response = await fetch(`${workspace.app.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    },
    async stop() {
      await workspace.app.stop();
      await pocketbase.stop();
    },
  };
  return workspace;

  function login(): Promise<Response> {
    const { email, password } = pocketbase;
    return fetch(`${workspace.app.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
  }
}
