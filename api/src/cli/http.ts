import { CommandError, EXIT } from './exit-codes.ts';
import { parseJson } from './json.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** Undefined: the body is not JSON. */
  body: unknown;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  body?: unknown;
  token?: string | undefined;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * One request to the API, whatever the status.
 * @throws CommandError `unavailable` when nothing answers
 */
export async function send(url: string, { method, body, token, signal }: HttpRequest): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      // A redirect would take the password or the token to another place.
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  } catch (fault) {
    throw new CommandError(
      EXIT.unavailable,
      `The API at ${new URL(url).origin} can't be reached (${reasonOf(fault)}). Start it with \`npm start\`, or name another with --url or POCKETHOOK_URL.`,
      fault,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function reasonOf(fault: unknown): string {
  const { name, message, cause } = fault as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return cause?.code ?? cause?.message ?? message;
}
