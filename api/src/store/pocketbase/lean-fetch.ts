import http from 'node:http';
import https from 'node:https';
import { parseJson } from '../../expressions/index.ts';

/** A fetch as the PocketBase SDK uses it: a text goes out, JSON comes back. */
export type LeanFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A service that accepts connections and answers nothing must not hold anybody up for good. */
const SILENCE_MS = 10_000;

/**
 * Node's own HTTP client in the shape of fetch. Group commit sends a few hundred kilobytes many times a second, for
 * which the web streams of the global fetch cost several times the CPU (docs/benchmarks.md). Whole numbers beyond
 * 2^53 arrive as BigInt.
 */
export function createLeanFetch(): LeanFetch {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, scheduling: 'lifo' }),
    'https:': new https.Agent({ keepAlive: true, scheduling: 'lifo' }),
  };
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(String(input));
      const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
      const options: http.RequestOptions = {
        method: init.method ?? 'GET',
        agent: agents[url.protocol as keyof typeof agents],
        headers: { ...headersOf(init), ...(body && { 'content-length': body.length }) },
        timeout: SILENCE_MS,
        ...(init.signal && { signal: init.signal }),
      };
      const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(answer(url, response.statusCode ?? 0, text)));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error(`PocketBase was silent for ${SILENCE_MS} ms`)));
      request.on('error', reject);
      request.end(body);
    });
}

function headersOf(init: RequestInit): Record<string, string> {
  if (init.body instanceof FormData) throw new TypeError('the store is sent JSON only');
  return init.headers as Record<string, string>;
}

/** The part of a Response that the SDK reads. */
function answer(url: URL, status: number, text: string): Response {
  const json = async (): Promise<unknown> => {
    const parsed = parseJson(text);
    if (!parsed.ok) throw new SyntaxError(parsed.message);
    return parsed.value;
  };
  return { url: url.href, status, ok: status < 400, json } as Response;
}
