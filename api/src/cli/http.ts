import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { CommandError, EXIT } from './exit-codes.ts';
import { parseJson } from './json.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Undefined: the body is not JSON. */
  body: unknown;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;
const ASK_AGAIN_MS = 1_000;

/**
 * One request to the API, whatever the status. Redirects are answers like others: following one would take the
 * password or the token to another place.
 * @throws CommandError `unavailable` when nothing answers
 */
export async function send(url: string, request: HttpRequest): Promise<Answer> {
  try {
    return await exchange(url, request);
  } catch (fault) {
    throw new CommandError(
      EXIT.unavailable,
      `The API at ${new URL(url).origin} can't be reached (${reasonOf(fault)}). Start it with \`npm start\`, or name another with --url or POCKETHOOK_URL.`,
      fault,
      mayHaveArrived(fault) ? ASK_AGAIN_MS : undefined,
    );
  }
}

/** The connection broke, or nothing came back in time: unlike a refused connection, that tells nothing about the request. */
function mayHaveArrived(fault: unknown): boolean {
  const { code, cause } = fault as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || (cause as Error | undefined)?.name === 'TimeoutError';
}

/** Not fetch: Node 20's never settles when the connection ends before the request is out, as with a container that starts. */
function exchange(url: string, { method, body, token, signal, ...rest }: HttpRequest): Promise<Answer> {
  const headers = {
    ...rest.headers,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    request(url, { method, headers, signal: AbortSignal.any(signals) }, (incoming) => {
      const answer = { status: incoming.statusCode ?? 0, headers: incoming.headers };
      text(incoming).then((received) => resolve({ ...answer, text: received, body: parsed(received) }), reject);
    })
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(received: string): unknown {
  try {
    return parseJson(received);
  } catch {
    return undefined;
  }
}

function reasonOf(fault: unknown): string {
  const { code, message, cause } = fault as NodeJS.ErrnoException;
  if ((cause as Error | undefined)?.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return code ?? message;
}
