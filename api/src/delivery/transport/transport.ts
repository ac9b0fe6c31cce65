import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import got, { type Request } from 'got';
import type { Answer } from '../../destinations/index.ts';
import type { Guard } from '../guard.ts';
import type { UrlProblem } from '../url.ts';
import { createAgents } from './agents.ts';

export interface OutgoingRequest {
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: Buffer;
  /** For everything from resolving the name to the answer's last byte. */
  timeoutMs: number;
}

/** Why there was no whole answer. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED` …) or one of ours (`ERR_…`). */
export interface SendFailure {
  code: string;
  message: string;
}

export type Sent =
  | { kind: 'answered'; answer: Answer }
  /** `answer` when it had begun. */
  | { kind: 'failed'; failure: SendFailure; answer: Answer | undefined }
  /** Given up because this process shuts down; the receiver may have got it or not. */
  | { kind: 'aborted' };

export interface Transport {
  /** Sends one POST. Never rejects: what goes wrong on the way is a result, an abort by `signal` too. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<Sent>;
  /** Closes the idle sockets. */
  close(): void;
}

/** Reading ends here; what came before is enough to judge by. */
const MAX_READ_BYTES = 64 * 1024;
const MAX_KEPT_BYTES = 8 * 1024;
const MAX_KEPT_HEADERS = 50;

export function createTransport(guard: Guard): Transport {
  const agents = createAgents(guard);
  const post = got.extend({
    method: 'POST',
    isStream: true,
    agent: agents,
    retry: { limit: 0 },
    followRedirect: false,
    decompress: false,
    throwHttpErrors: false,
    // An HTTP/2 session would not come from our agents.
    http2: false,
    headers: { 'user-agent': undefined },
  });

  return {
    send: ({ url, headers, body, timeoutMs }, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve({ kind: 'aborted' });
        const problems = guard.checkUrl(url);
        if (problems.length > 0) return resolve(blocked(problems));
        const stream = post(url, { headers, body }) as unknown as Request;
        const reading = new Reading();
        const finish = (sent: Sent) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          resolve(sent);
        };
        const giveUp = (sent: Sent) => {
          finish(sent);
          stream.destroy();
        };
        const abort = () => giveUp({ kind: 'aborted' });
        const fail = (code: string, message: string) =>
          giveUp({ kind: 'failed', failure: { code, message }, answer: reading.answer() });
        const timer = setTimeout(fail, timeoutMs, 'ERR_TIMEOUT', `no answer within ${timeoutMs} ms`);
        // One signal serves everything under way, far more than the ten listeners at which Node warns of a leak.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort);
        stream.on('response', (response: IncomingMessage) => {
          reading.response = response;
        });
        stream.on('data', (chunk: Buffer) => {
          if (reading.add(chunk) >= MAX_READ_BYTES) giveUp({ kind: 'answered', answer: reading.whole() });
        });
        stream.once('end', () => finish({ kind: 'answered', answer: reading.whole() }));
        stream.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'ERR_UNKNOWN', error.message));
      }),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function blocked(problems: UrlProblem[]): Sent {
  const message = problems.map((problem) => problem.message).join(' ');
  return { kind: 'failed', failure: { code: 'ERR_BLOCKED_ADDRESS', message }, answer: undefined };
}

/** An answer while it comes in. */
class Reading {
  response: IncomingMessage | undefined;
  #chunks: Buffer[] = [];
  #read = 0;

  /** Keeps the first 8 KiB; returns how many bytes have been read. */
  add(chunk: Buffer): number {
    if (this.#read < MAX_KEPT_BYTES) this.#chunks.push(chunk.subarray(0, MAX_KEPT_BYTES - this.#read));
    this.#read += chunk.length;
    return this.#read;
  }

  answer(): Answer | undefined {
    return this.response && this.whole();
  }

  whole(): Answer {
    return {
      status: this.response?.statusCode ?? 0,
      headers: keptHeaders(this.response?.headers ?? {}),
      body: this.#chunks.length === 1 ? String(this.#chunks[0]) : Buffer.concat(this.#chunks).toString(),
    };
  }
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if (name === 'set-cookie') continue;
    if (++count > MAX_KEPT_HEADERS) break;
    kept[name] = String(headers[name]);
  }
  return kept;
}
