import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Answer } from '../../destinations/index.ts';
import { writeHeaderText } from '../../model/header-text.ts';
import { Reading } from './answer.ts';
import { readBrokenAnswer } from './broken-answer.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { toFailure } from './failure.ts';
import type { OutgoingRequest, SendFailure, Sent } from './types.ts';
import { MAX_READ_BYTES } from './wire.ts';

/** One request and its response, over one connection or, after a repeat, two. Calls `finish` exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: OutgoingRequest;
  readonly #url: URL;
  readonly #connections: Connections;
  readonly #finish: (sent: Sent) => void;
  readonly #reading = new Reading();
  /** Header values as undici wants them: one character per byte. */
  readonly #headers: Record<string, string>;
  #connection: Connection;
  #isOver = false;
  #isRepeated = false;

  constructor(request: OutgoingRequest, connections: Connections, finish: (sent: Sent) => void) {
    this.#request = request;
    this.#url = new URL(request.url);
    this.#headers = asUtf8(request.headers);
    this.#connections = connections;
    this.#finish = finish;
    this.#connection = connections.take(this.#url.origin);
  }

  start(): void {
    const path = this.#url.pathname + this.#url.search;
    const { body, method = 'POST' } = this.#request;
    this.#connection.dispatch({ method, path, headers: this.#headers, body: method === 'GET' ? null : body }, this);
  }

  runOutOfTime(): void {
    this.#fail({ code: 'ERR_TIMEOUT', message: `no answer within ${this.#request.timeoutMs} ms` });
  }

  /** Once a response has begun, the receiver has the request, so it isn't sent again. */
  abort(): void {
    const answer = this.#answer();
    if (answer) this.#fail({ code: 'ERR_ABORTED', message: 'shutting down' }, answer);
    else this.#giveUp({ kind: 'aborted' });
  }

  onRequestStart(): void {
    this.#connection.wire.expectAnswer();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Ignore interim responses; the parser refuses 101 itself.
    if (status >= 100 && status < 200) return;
    this.#connection.wire.headIsRead();
    this.#reading.begin(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver || this.#reading.add(chunk) < MAX_READ_BYTES) return;
    this.#giveUp({ kind: 'answered', answer: this.#reading.answer() });
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#connection.answered();
    this.#connections.giveBack(this.#connection);
    this.#end({ kind: 'answered', answer: this.#reading.answer() });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    const isStale = !this.#reading.hasBegun && this.#connection.wasClosedWhileKept(error);
    if (isStale && !this.#isRepeated) this.#repeat();
    else this.#fail(toFailure(error, this.#request));
  }

  /** Repeats the request at once, within the same time limit, on a new connection: other idle ones may be as old. */
  #repeat(): void {
    this.#isRepeated = true;
    this.#connection.destroy();
    this.#connection = this.#connections.open(this.#url.origin);
    this.start();
  }

  #answer(): Answer | undefined {
    return this.#reading.hasBegun ? this.#reading.answer() : readBrokenAnswer(this.#connection.wire.seen);
  }

  #fail(failure: SendFailure, answer = this.#answer()): void {
    this.#giveUp({ kind: 'failed', failure, answer });
  }

  /** Ends the exchange and closes the connection: the rest of this response would be taken for the next one's. */
  #giveUp(sent: Sent): void {
    if (this.#isOver) return;
    this.#end(sent);
    this.#connection.destroy();
  }

  #end(sent: Sent): void {
    this.#isOver = true;
    this.#finish(sent);
  }
}

/** Encodes header values beyond ASCII as UTF-8, as receivers that support them (ntfy) expect. */
function asUtf8(headers: Readonly<Record<string, string>>): Record<string, string> {
  const encoded: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name] ?? '';
    encoded[name] = writeHeaderText(value);
  }
  return encoded;
}
