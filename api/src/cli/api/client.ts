import { randomUUID } from 'node:crypto';
import { type ApiClient, createApiClient, type Refusal } from '../../../client/client.ts';
import { logIn } from '../../../client/session.ts';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import type { Authentication, Settings } from '../settings.ts';
import { visibleLine } from '../terminal/visible.ts';
import { createSend, send } from './http.ts';
import { problemLines, type Wording } from './wording.ts';

/** Client of the management API. Methods throw CommandError with the exit code for the response. */
export interface Client extends ApiClient {
  /** Reads the API's OpenAPI document, as YAML. */
  contract(): Promise<string>;
  /** Logs in, or checks that the token is accepted. */
  logIn(): Promise<void>;
}

export type ClientDeps = Pick<Settings, 'url' | 'authenticate'> & {
  signal?: AbortSignal;
  /** The command being run, which the audit log shows for `apply`. */
  command: string;
  wording: Wording;
  sleep: (milliseconds: number) => Promise<void>;
};

const PASSWORD_CHANGED =
  'If the password was changed since the first start, set POCKETHOOK_TOKEN to an API key, or POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD to a login of now (docs/cli.md); docs/runbooks has what to do about a lost one.';

export function createClient({ url, authenticate, signal, command, wording, sleep }: ClientDeps): Client {
  const sendUntilAborted = createSend(signal);
  const api = createApiClient({
    url,
    send: sendUntilAborted,
    openSession: async () => {
      const authentication = authenticate();
      if (authentication.kind === 'token') return authentication.token;
      const { email, password } = authentication;
      return logIn(url, sendUntilAborted, { email, password });
    },
    headers: { 'user-agent': `pockethook-cli (${command})` },
    toError: (refusal) => toCommandError(refusal, url, authenticate, wording),
    randomId: randomUUID,
    sleep,
    mayHaveArrived: (fault) => fault instanceof CommandError && fault.mayHaveArrived && signal?.aborted !== true,
  });
  return {
    ...api,
    contract: async () => {
      const { status, text } = await send(`${url}/openapi.yaml`, { method: 'GET', signal });
      if (status !== 200 || !text.startsWith('openapi:')) throw notOurs(url, status);
      return text;
    },
    logIn: async () => {
      await api.get('/api/v1/events', { params: { query: { limit: 1 } } });
    },
  };
}

function toCommandError(
  { status, problem }: Refusal,
  url: string,
  authenticate: () => Authentication,
  wording: Wording,
): CommandError {
  if (!problem) return notOurs(url, status);
  const exitCode = exitCodeOf(status);
  const lines = problemLines(problem, wording);
  if (exitCode === EXIT.notAuthenticated) lines.push(`  The credentials are those of ${authenticate().from}.`);
  if (problem.code === 'invalid_credentials') lines.push(`  ${PASSWORD_CHANGED}`);
  lines.push(`  code ${visibleLine(problem.code)}, correlation id ${visibleLine(problem.correlation_id)}`);
  return new CommandError(exitCode, lines.join('\n'), { problem });
}

function notOurs(url: string, status: number): CommandError {
  return new CommandError(
    status >= 500 ? EXIT.unavailable : EXIT.failed,
    `What answers at ${url} is not Pockethook's API (status ${status}). Name the right address with --url or POCKETHOOK_URL.`,
  );
}

function exitCodeOf(status: number): ExitCode {
  if (status === 400) return EXIT.usage;
  if (status === 401) return EXIT.notAuthenticated;
  if (status === 404) return EXIT.notFound;
  return status === 429 || status >= 500 ? EXIT.unavailable : EXIT.failed;
}
