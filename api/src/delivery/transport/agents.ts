import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { BlockedAddress, type Guard } from '../guard.ts';

/** Name resolution, TCP and TLS together. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** Shorter than the keep-alive of common servers (5 s), so that a request seldom meets a socket that is just being closed. */
const IDLE_SOCKET_MS = 4_000;

const AGENT_OPTIONS = { keepAlive: true, timeout: IDLE_SOCKET_MS, maxFreeSockets: 64, scheduling: 'lifo' } as const;

export interface Agents {
  http: http.Agent;
  https: https.Agent;
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Keep-alive agents whose sockets all pass the guard. Pooled sockets carry over, so each allow-list has its own pair. */
export function createAgents(guard: Guard): Agents {
  return { http: new GuardedHttpAgent(guard), https: new GuardedHttpsAgent(guard) };
}

class GuardedHttpAgent extends http.Agent {
  readonly #guard: Guard;

  constructor(guard: Guard) {
    super(AGENT_OPTIONS);
    this.#guard = guard;
  }

  override createConnection(options: http.ClientRequestArgs, connected: Connected) {
    const refusal = this.#guard.refuseHttp() ?? refuseTarget(this.#guard, options);
    if (refusal !== undefined) return refuse(refusal, connected);
    return limitConnect(super.createConnection({ ...options, lookup: this.#guard.lookup }, connected), 'connect');
  }
}

class GuardedHttpsAgent extends https.Agent {
  readonly #guard: Guard;

  constructor(guard: Guard) {
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED can't switch it off.
    super({ ...AGENT_OPTIONS, rejectUnauthorized: true });
    this.#guard = guard;
  }

  override createConnection(options: https.RequestOptions, connected: Connected) {
    const refusal = refuseTarget(this.#guard, options);
    if (refusal !== undefined) return refuse(refusal, connected);
    return limitConnect(super.createConnection({ ...options, lookup: this.#guard.lookup }, connected), 'secureConnect');
  }
}

/** The URL was checked before; this is what the socket is really opened to. */
function refuseTarget(guard: Guard, { host, port }: http.ClientRequestArgs): string | undefined {
  return guard.refuseHost(String(host)) ?? guard.refusePort(Number(port));
}

/** IP literals never reach a socket's lookup, hence the check before the socket exists. */
function refuse(refusal: string, connected: Connected): undefined {
  // On an error the agent takes no socket, which the types don't say.
  (connected as (error: Error) => void)(new BlockedAddress(refusal));
}

/** Here and not per request: a request on a pooled socket then costs no timer. */
function limitConnect<T extends Duplex | null | undefined>(socket: T, event: 'connect' | 'secureConnect'): T {
  if (!(socket instanceof net.Socket)) return socket;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ERR_CONNECT_TIMEOUT' }));
  }, CONNECT_TIMEOUT_MS);
  const stop = () => clearTimeout(timer);
  socket.once(event, stop).once('close', stop);
  return socket;
}
