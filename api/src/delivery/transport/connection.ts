import { Client, type Dispatcher } from 'undici';
import type { Connect } from './connect.ts';
import { MAX_READ_BYTES, Wire } from './wire.ts';

/** Shorter than the keep-alive timeout of common servers (5 s), so that a request rarely uses a socket just being closed. */
const IDLE_SOCKET_MS = 4_000;

const CLIENT_OPTIONS: Client.Options = {
  keepAliveTimeout: IDLE_SOCKET_MS,
  // The maximum, even if the server's Keep-Alive header offers more.
  keepAliveMaxTimeout: IDLE_SOCKET_MS,
  maxHeaderSize: MAX_READ_BYTES,
  // The transport has one timer for the whole request.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** Error codes of undici and Node for a connection closed or reset by the other side. */
const LOST: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** A connection to one origin, for one request at a time. */
export class Connection {
  readonly origin: string;
  readonly wire = new Wire();
  readonly #client: Client;
  /** Complete responses received on the socket. */
  #answers = 0;

  /** @param onClose called when the socket was closed, by us or by the other side */
  constructor(origin: string, connect: Connect, onClose: (connection: Connection) => void) {
    this.origin = origin;
    this.#client = new Client(origin, {
      ...CLIENT_OPTIONS,
      connect: (options, callback) => {
        this.#answers = 0;
        connect(options, (...result) => {
          if (result[1]) this.wire.attach(result[1]);
          callback(...result);
        });
      },
    });
    this.#client.on('disconnect', () => onClose(this));
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler);
  }

  answered(): void {
    this.#answers++;
  }

  /** Whether a request failed because the other side closed a kept-alive connection before any byte of the response. */
  wasClosedWhileKept(error: NodeJS.ErrnoException): boolean {
    return this.#answers > 0 && LOST.has(error.code) && this.wire.seen.length === 0;
  }

  /** Closes the socket, aborting a request under way. */
  destroy(): void {
    void this.#client.destroy();
  }
}
