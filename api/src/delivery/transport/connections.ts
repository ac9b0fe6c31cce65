import type { Connect } from './connect.ts';
import { Connection } from './connection.ts';

/** Over all origins: thousands of destinations don't keep thousands of sockets. */
export const MAX_IDLE = 256;

/** The connections that wait for their next request, and new ones. */
export class Connections {
  readonly #connect: Connect;
  readonly #idle = new Map<string, Connection[]>();
  readonly #oldestFirst = new Set<Connection>();
  #closed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** The one that was used last, so that those that are too many grow old; else a new one. */
  take(origin: string): Connection {
    const connection = this.#idle.get(origin)?.at(-1);
    if (!connection) return this.open(origin);
    this.#remove(connection);
    return connection;
  }

  open(origin: string): Connection {
    return new Connection(origin, this.#connect, (connection) => this.#discard(connection));
  }

  /** Call when the connection's request was answered in full. */
  giveBack(connection: Connection): void {
    if (this.#closed) {
      connection.destroy();
      return;
    }
    const same = this.#idle.get(connection.origin);
    if (same) same.push(connection);
    else this.#idle.set(connection.origin, [connection]);
    this.#oldestFirst.add(connection);
    const [oldest] = this.#oldestFirst;
    if (oldest && this.#oldestFirst.size > MAX_IDLE) this.#discard(oldest);
  }

  /** Closes the idle ones now, and the others when they are given back. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#oldestFirst) this.#discard(connection);
  }

  /** One that is in use is left to its user. */
  #discard(connection: Connection): void {
    if (this.#remove(connection)) connection.destroy();
  }

  #remove(connection: Connection): boolean {
    if (!this.#oldestFirst.delete(connection)) return false;
    const others = this.#idle.get(connection.origin)?.filter((one) => one !== connection) ?? [];
    if (others.length > 0) this.#idle.set(connection.origin, others);
    else this.#idle.delete(connection.origin);
    return true;
  }
}
