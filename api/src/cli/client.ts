import { randomUUID } from 'node:crypto';
import type { FieldError } from '../model/problems.ts';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';
import { type Answer, type HttpRequest, send } from './http.ts';
import type { Authentication, Settings } from './settings.ts';
import { visibleLine } from './visible.ts';
import type { Page } from './wire.ts';

export type Query = Record<string, string | number | undefined>;

/**
 * The management API. A change has an Idempotency-Key of its own: when its outcome is unknown it is sent again, and
 * happens once. Methods throw CommandError with the exit code that fits the answer.
 */
export interface Client {
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  remove(path: string): Promise<void>;
  /** The API's own description of itself, OpenAPI as YAML. */
  contract(): Promise<string>;
  /** Up to `limit` records from as many pages as it takes. */
  list<T>(path: string, query: Query, limit: number): Promise<Page<T>>;
  /** Opens a session, or shows that the token is accepted. */
  logIn(): Promise<void>;
}

export type ClientDeps = Pick<Settings, 'url' | 'authenticate'> & {
  signal?: AbortSignal;
  /** The command that is run: the audit tells `apply` from others. */
  command: string;
  sleep: (milliseconds: number) => Promise<void>;
};

/** How often a change without an answer is sent again. */
const REPEATS = 3;

const PAGE_AT_MOST = 200;

const PASSWORD_CHANGED =
  'If the password was changed since the first start, set POCKETHOOK_TOKEN to an API key, or POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD to a login of now (docs/cli.md); docs/runbooks has what to do about a lost one.';

export function createClient({ url, authenticate, signal, command, sleep }: ClientDeps): Client {
  let token: Promise<string> | undefined;

  async function call(path: string, request: HttpRequest): Promise<Answer> {
    const authentication = authenticate();
    token ??= openSession(authentication).catch((fault) => {
      token = undefined;
      throw fault;
    });
    const answer = await send(url + path, { ...request, signal, token: await token });
    return accepted(answer, url, authentication);
  }

  async function openSession(authentication: Authentication): Promise<string> {
    if (authentication.kind === 'token') return authentication.token;
    const { email, password } = authentication;
    const answer = await send(`${url}/api/v1/session`, { method: 'POST', body: { email, password }, signal });
    return (accepted(answer, url, authentication).body as { token: string }).token;
  }

  /** A session may run out while a command follows events: then there is a new one. */
  async function callWithSession<T>(path: string, request: HttpRequest): Promise<T> {
    const renewable = token !== undefined;
    try {
      return (await call(path, request)).body as T;
    } catch (fault) {
      if (!renewable || !(fault instanceof CommandError) || fault.exitCode !== EXIT.notAuthenticated) throw fault;
      token = undefined;
      return (await call(path, request)).body as T;
    }
  }

  async function change<T>(path: string, request: HttpRequest): Promise<T> {
    const headers = { 'idempotency-key': randomUUID(), 'user-agent': `pockethook-cli (${command})` };
    for (let left = REPEATS; ; left--) {
      try {
        return await callWithSession<T>(path, { ...request, headers });
      } catch (fault) {
        const wait = fault instanceof CommandError ? fault.askAgainMs : undefined;
        if (wait === undefined || left === 0 || signal?.aborted) throw fault;
        await sleep(wait);
      }
    }
  }

  const client: Client = {
    get: (path, query = {}) => callWithSession(path + queryString(query), { method: 'GET' }),
    post: (path, body) => change(path, { method: 'POST', body }),
    patch: (path, body) => change(path, { method: 'PATCH', body }),
    remove: (path) => change(path, { method: 'DELETE' }),
    contract: async () => {
      const { status, text } = await send(`${url}/openapi.yaml`, { method: 'GET', signal });
      if (status !== 200 || !text.startsWith('openapi:')) throw notOurs(url, status);
      return text;
    },
    list: async <T>(path: string, query: Query, limit: number) => {
      const page: Page<T> = { data: [], next_cursor: null };
      do {
        const cursor = page.next_cursor ?? query.cursor;
        const next = await client.get<Page<T>>(path, {
          ...query,
          cursor,
          limit: Math.min(PAGE_AT_MOST, limit - page.data.length),
        });
        page.data.push(...next.data);
        page.next_cursor = next.next_cursor;
      } while (page.next_cursor !== null && page.data.length < limit);
      return page;
    },
    logIn: async () => {
      await client.get('/api/v1/events', { limit: 1 });
    },
  };
  return client;
}

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

interface ProblemBody {
  detail: string;
  code: string;
  correlation_id: string;
  errors?: FieldError[];
}

function accepted(answer: Answer, url: string, authentication: Authentication): Answer {
  if (answer.status === 204 || (answer.status < 300 && answer.body !== undefined)) return answer;
  if (!isProblem(answer.body)) throw notOurs(url, answer.status);
  const exitCode = exitCodeOf(answer.status);
  const lines = [visibleLine(answer.body.detail)];
  for (const { field, message } of answer.body.errors ?? []) lines.push(`  ${visibleLine(`${field} ${message}`)}`);
  if (exitCode === EXIT.notAuthenticated) lines.push(`  The credentials are those of ${authentication.from}.`);
  if (answer.body.code === 'invalid_credentials') lines.push(`  ${PASSWORD_CHANGED}`);
  lines.push(`  code ${visibleLine(answer.body.code)}, correlation id ${visibleLine(answer.body.correlation_id)}`);
  throw new CommandError(exitCode, lines.join('\n'), undefined, askAgainMs(answer));
}

const ASK_AGAIN_AT_MOST_S = 10;

function askAgainMs({ status, headers }: Answer): number | undefined {
  if (status !== 503) return undefined;
  const seconds = Number(headers['retry-after']);
  return (seconds > 0 ? Math.min(seconds, ASK_AGAIN_AT_MOST_S) : 1) * 1_000;
}

function notOurs(url: string, status: number): CommandError {
  return new CommandError(
    status >= 500 ? EXIT.unavailable : EXIT.failed,
    `What answers at ${url} is not Pockethook's API (status ${status}). Name the right address with --url or POCKETHOOK_URL.`,
  );
}

function isProblem(body: unknown): body is ProblemBody {
  const { detail, code, correlation_id } = (body ?? {}) as Partial<Record<string, unknown>>;
  return [detail, code, correlation_id].every((member) => typeof member === 'string');
}

function exitCodeOf(status: number): ExitCode {
  if (status === 400) return EXIT.usage;
  if (status === 401) return EXIT.notAuthenticated;
  if (status === 404) return EXIT.notFound;
  return status === 429 || status >= 500 ? EXIT.unavailable : EXIT.failed;
}
