import { setMaxListeners } from 'node:events';
import type { Guard } from '../guard.ts';
import type { UrlProblem } from '../url.ts';
import { type Connect, createConnect } from './connect.ts';
import { Connections } from './connections.ts';
import { Exchange } from './exchange.ts';
import type { Sent, Transport } from './types.ts';

export type { OutgoingRequest, SendFailure, Sent, Transport } from './types.ts';

export function createTransport(guard: Guard, connect: Connect = createConnect(guard)): Transport {
  const connections = new Connections(connect);
  return {
    send: (request, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve({ kind: 'aborted' });
        const problems = guard.checkUrl(request.url);
        if (problems.length > 0) return resolve(blocked(problems));
        const exchange = new Exchange(request, connections, (sent) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          resolve(sent);
        });
        const timer = setTimeout(() => exchange.runOutOfTime(), request.timeoutMs);
        const abort = () => exchange.abort();
        // All requests share one signal, so there are more than the ten listeners at which Node warns of a leak.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort);
        exchange.start();
      }),
    close: () => connections.close(),
  };
}

function blocked(problems: UrlProblem[]): Sent {
  const message = problems.map((problem) => problem.message).join(' ');
  return { kind: 'failed', failure: { code: 'ERR_BLOCKED_ADDRESS', message }, answer: undefined };
}
