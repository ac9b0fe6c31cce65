import { StringDecoder } from 'node:string_decoder';
import { Agent, type Dispatcher } from 'undici';
import { parseJson } from '../../expressions/index.ts';

/** Of fetch's options, those that are heeded. */
type LeanInit = { [K in 'method' | 'headers' | 'body' | 'signal']?: RequestInit[K] | undefined };

/** A fetch as the PocketBase SDK uses it: a text goes out, JSON comes back. */
export type LeanFetch = (url: string | URL | Request, init?: LeanInit) => Promise<Response>;

/** A service that accepts connections and answers nothing must not hold anybody up for good. */
const SILENCE_MS = 10_000;
/** PocketBase keeps idle connections; whoever stands in between may close them after a minute. */
const IDLE_SOCKET_MS = 50_000;

/**
 * undici's dispatcher in the shape of fetch. Group commit sends a few hundred kilobytes many times a second, for which the web
 * streams of the global fetch cost several times the CPU, and a lone event waits for two such calls (docs/benchmarks.md). Whole
 * numbers beyond 2^53 arrive as BigInt.
 */
export function createLeanFetch(): LeanFetch {
  const agent = new Agent({
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    keepAliveTimeout: IDLE_SOCKET_MS,
    keepAliveMaxTimeout: IDLE_SOCKET_MS,
  });
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      if (init.body instanceof FormData) throw new TypeError('the store is sent JSON only');
      const url = String(input);
      const pathAt = url.indexOf('/', url.indexOf('//') + 2);
      const request: Dispatcher.DispatchOptions = {
        origin: url.slice(0, pathAt),
        path: url.slice(pathAt),
        method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: init.headers as Record<string, string>,
        body: typeof init.body === 'string' ? init.body : null,
      };
      agent.dispatch(request, new Exchange(url, init.signal, resolve, reject));
    });
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #url: string;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (fault: unknown) => void;
  readonly #signal: AbortSignal | null | undefined;
  readonly #decoder = new StringDecoder();
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #text = '';

  constructor(
    url: string,
    signal: AbortSignal | null | undefined,
    resolve: (response: Response) => void,
    reject: (fault: unknown) => void,
  ) {
    this.#url = url;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    if (signal?.aborted) this.#stop();
    else signal?.addEventListener('abort', this.#stop);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#signal?.aborted) controller.abort(this.#signal.reason);
    this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#text += this.#decoder.write(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    this.#resolve(answer(this.#url, this.#status, this.#text + this.#decoder.end()));
  }

  onResponseError(_: Dispatcher.DispatchController, fault: Error): void {
    this.#end();
    this.#reject(fault);
  }

  /** Also while undici still connects, for which it would wait. */
  readonly #stop = (): void => {
    const { reason } = this.#signal as AbortSignal;
    this.#end();
    this.#reject(reason);
    this.#controller?.abort(reason);
  };

  #end(): void {
    this.#signal?.removeEventListener('abort', this.#stop);
  }
}

/** The part of a Response that the SDK reads. */
function answer(url: string, status: number, text: string): Response {
  const json = async (): Promise<unknown> => {
    const parsed = parseJson(text);
    if (!parsed.ok) throw new SyntaxError(parsed.message);
    return parsed.value;
  };
  return { url, status, ok: status < 400, json } as Response;
}
