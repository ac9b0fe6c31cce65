import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { Send } from '../../../client/send.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { parseJson } from '../terminal/json.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Undefined if the body is not JSON. */
  body: unknown;
}

export interface HttpRequest {
  method: string;
  body?: string | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends one request to the API; resolves whatever the status. Redirects aren't followed: that would send the password or
 * token to another server.
 * @throws CommandError `unavailable` when nothing answers
 */
export async function send(url: string, request: HttpRequest): Promise<Answer> {
  try {
    return await exchange(url, request);
  } catch (fault) {
    throw new CommandError(
      EXIT.unavailable,
      `The API at ${new URL(url).origin} can't be reached (${reasonOf(fault)}). Start it with \`npm start\`, or name another with --url or POCKETHOOK_URL.`,
      { cause: fault, mayHaveArrived: mayHaveArrived(fault) },
    );
  }
}

/** Adapts `send` to the `fetch` that the API's client expects. */
export function createSend(signal?: AbortSignal): Send {
  return async (request) => {
    const body = request.body === null ? undefined : await request.text();
    const headers = Object.fromEntries(request.headers);
    return toResponse(await send(request.url, { method: request.method, headers, body, signal }));
  };
}

const WITHOUT_BODY = [204, 205, 304];
/** A Response can't have a status outside of this range; Pockethook uses none. */
const STATUS_AT_MOST = 599;

function toResponse({ status, headers, text }: Answer): Response {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  return new Response(WITHOUT_BODY.includes(status) ? null : text, {
    status: Math.min(status, STATUS_AT_MOST),
    headers: fields,
  });
}

/** The connection broke or timed out. Unlike with a refused connection, the request may have been carried out. */
function mayHaveArrived(fault: unknown): boolean {
  const { code, cause } = fault as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || (cause as Error | undefined)?.name === 'TimeoutError';
}

/** Not fetch: Node 20's never settles if the connection ends before the request is sent, as while a container starts. */
function exchange(url: string, { method, body, headers = {}, signal }: HttpRequest): Promise<Answer> {
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    request(url, { method, headers, signal: AbortSignal.any(signals) }, (incoming) => {
      const answer = { status: incoming.statusCode ?? 0, headers: incoming.headers };
      text(incoming).then((received) => resolve({ ...answer, text: received, body: parsed(received) }), reject);
    })
      .on('error', reject)
      .end(body);
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
