import type { Connect } from './connect.ts';
import { Connection } from './connection.ts';

/** Limit of idle connections over all origins, so that thousands of destinations don't keep thousands of sockets open. */
export const MAX_IDLE = 256;

/** A pool: reuses idle keep-alive connections and opens new ones. */
export class Connections {
  readonly #connect: Connect;
  readonly #idle = new Map<string, Connection[]>();
  readonly #oldestFirst = new Set<Connection>();
  #closed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** Takes the most recently used idle connection, so that surplus ones time out; else opens a new one. */
  take(origin: string): Connection {
    const connection = this.#idle.get(origin)?.at(-1);
    if (!connection) return this.open(origin);
    this.#remove(connection);
    return connection;
  }

  open(origin: string): Connection {
    return new Connection(origin, this.#connect, (connection) => this.#discard(connection));
  }

  /** Returns a connection to the pool; call only after its response was received in full. */
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

  /** Closes idle connections now, and others when they are returned. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#oldestFirst) this.#discard(connection);
  }

  /** Does nothing for a connection in use: its request handles the close. */
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
