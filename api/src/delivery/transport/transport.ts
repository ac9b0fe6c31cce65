import { setMaxListeners } from 'node:events';
import { LRUCache } from 'lru-cache';
import type { Guard } from '../guard.ts';
import type { UrlProblem } from '../url.ts';
import { type Connect, createConnect } from './connect.ts';
import { Connections } from './connections.ts';
import { Exchange, type Target } from './exchange.ts';
import type { Sent, Transport } from './types.ts';

export type { OutgoingRequest, SendFailure, Sent, Transport } from './types.ts';

/** URLs that are checked and parsed once: each destination has one, but those that expressions make for each event. */
const KNOWN_URLS = 1_000;

export function createTransport(guard: Guard, connect: Connect = createConnect(guard)): Transport {
  const connections = new Connections(connect);
  const known = new LRUCache<string, Target | UrlProblem[]>({ max: KNOWN_URLS });

  function targetOf(url: string): Target | UrlProblem[] {
    const before = known.get(url);
    if (before) return before;
    const problems = guard.checkUrl(url);
    const target = problems.length > 0 ? problems : parseTarget(url);
    known.set(url, target);
    return target;
  }

  return {
    send: (request, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve({ kind: 'aborted' });
        const target = targetOf(request.url);
        if (Array.isArray(target)) return resolve(blocked(target));
        const exchange = new Exchange(request, target, connections, (sent) => {
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

function parseTarget(text: string): Target {
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathname + search };
}

function blocked(problems: UrlProblem[]): Sent {
  const message = problems.map((problem) => problem.message).join(' ');
  return { kind: 'failed', failure: { code: 'ERR_BLOCKED_ADDRESS', message }, answer: undefined };
}
