import type { paths } from './schemas.ts';
import type { Send } from './send.ts';

type LogIn = paths['/api/v1/session']['post']['requestBody']['content']['application/json'];

/** Asks for a token; an answer that is none, such as a refused password, is that of the request that needed it. */
export type OpenSession = () => Promise<string | Response>;

/**
 * Sends with a token, asked for once. A session may run out while a program goes on: then the request is sent again with
 * the token of a new one.
 */
export function withSession(send: Send, open: OpenSession): Send {
  let current: ReturnType<OpenSession> | undefined;

  /** What could not be opened is asked for anew by the next request. */
  async function token(): ReturnType<OpenSession> {
    current ??= open();
    const asked = current;
    const forget = () => {
      if (current === asked) current = undefined;
    };
    const opened = await asked.catch((fault) => {
      forget();
      throw fault;
    });
    if (typeof opened !== 'string') forget();
    return opened;
  }

  async function sendWith(opened: string, request: Request): Promise<Response> {
    const copy = request.clone();
    copy.headers.set('authorization', `Bearer ${opened}`);
    return send(copy);
  }

  return async (request) => {
    const used = current;
    const opened = await token();
    // Several requests may wait for the same answer, and each reads it.
    if (typeof opened !== 'string') return opened.clone();
    const response = await sendWith(opened, request);
    if (response.status !== 401 || used === undefined) return response;
    if (current === used) current = undefined;
    const renewed = await token();
    return typeof renewed === 'string' ? sendWith(renewed, request) : renewed.clone();
  };
}

/** The token of a new session; the answer, if that has none. */
export async function logIn(url: string, send: Send, credentials: LogIn): ReturnType<OpenSession> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const body = JSON.stringify(credentials);
  const response = await send(new Request(`${url}/api/v1/session`, { method: 'POST', headers, body }));
  if (!response.ok) return response;
  const token = ((await response.json().catch(() => undefined)) as { token?: unknown } | null | undefined)?.token;
  // What answers without a token is not Pockethook, and so nobody's answer.
  return typeof token === 'string' ? token : new Response('');
}
