import { EventSource } from 'eventsource';
import type PocketBase from 'pocketbase';
import { pause } from '../../ops/pause.ts';

/** What is done with the messages of each topic. */
export type Listeners = Record<string, (message: unknown) => void>;

const CONNECT_MS = 15_000;
const PAUSE_MS = 200;
const PAUSE_AT_MOST_MS = 2_000;

/**
 * Hears messages of PocketBase's realtime service until the function that it resolves to is called, which resolves when
 * nothing is left of it, also while the service is away. Connects anew whenever a connection ends, and says so each time.
 *
 * Not the SDK's: while that waits to connect again it can't be stopped, so its timers outlive whoever unsubscribed.
 * @throws when the first connection fails; nothing is left of it then
 */
export async function subscribe(
  pb: PocketBase,
  listeners: Listeners,
  onConnect: () => void,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let failures = 0;

  const connect = () =>
    hear(pb, listeners, stopping.signal, () => {
      failures = 0;
      onConnect();
    });

  async function keepConnected(first: Connection): Promise<void> {
    await first.ended;
    while (!stopping.signal.aborted) {
      await pause(Math.min(PAUSE_MS * 2 ** failures++, PAUSE_AT_MOST_MS), stopping.signal);
      if (!stopping.signal.aborted) await connect().ended;
    }
  }

  const first = connect();
  await first.subscribed;
  const running = keepConnected(first);
  return () => {
    stopping.abort();
    return running;
  };
}

interface Connection {
  /** Rejects when it ended before. */
  subscribed: Promise<void>;
  /** Never rejects. */
  ended: Promise<void>;
}

/** One connection: a stream, whose first message has the id under which the topics are asked for. */
function hear(pb: PocketBase, listeners: Listeners, stop: AbortSignal, onSubscribed: () => void): Connection {
  const source = new EventSource(pb.buildURL('/api/realtime'));
  const over = new AbortController();
  const ended = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve(), { once: true }));
  const timer = setTimeout(
    end,
    CONNECT_MS,
    new Error(`PocketBase's realtime service did not answer for ${CONNECT_MS} ms`),
  );
  stop.addEventListener('abort', end, { once: true });

  function end(reason: unknown): void {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
    // Afterwards: when it tells of an error, the package is about to start a timer that only closing stops.
    queueMicrotask(() => source.close());
    over.abort(reason);
  }

  const subscribed = new Promise<void>((resolve, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true });
    source.addEventListener('PB_CONNECT', ({ lastEventId: clientId }) => {
      const body = { clientId, subscriptions: Object.keys(listeners) };
      pb.send('/api/realtime', { method: 'POST', body, signal: over.signal }).then(() => {
        clearTimeout(timer);
        onSubscribed();
        resolve();
      }, end);
    });
  });
  subscribed.catch(() => undefined);
  source.addEventListener('error', ({ message }) => end(new Error(message ?? 'the realtime connection ended')));
  for (const [topic, listener] of Object.entries(listeners)) {
    source.addEventListener(topic, ({ data }) => listener(JSON.parse(data)));
  }
  return { subscribed, ended };
}
