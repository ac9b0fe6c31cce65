import { once } from 'node:events';
import type { Response } from 'express';

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) to one client. */
export interface EventStream {
  send(message: StreamMessage): void;
  /**
   * Call it regularly: keeps the connection alive, and ends it if the client has read nothing since. A client that comes back
   * goes on from the id, although it was told nothing.
   */
  beat(id: string | undefined): void;
  /** Resolves when the client has read most of what was sent, or the stream is over. */
  drained(): Promise<void>;
  /** Says why, and closes. What was sent before it is still delivered to a client that reads. */
  end(reason: EndReason): void;
  /** Aborted when the stream is over, whoever ended it. */
  readonly over: AbortSignal;
}

export interface StreamMessage {
  id: string;
  event: string;
  data: string;
}

/** `slow`: the client does not read as fast as it is told; `session`: it may not read any more; `shutdown`: of this process. */
export type EndReason = 'slow' | 'session' | 'shutdown';

/** How much may wait for a client that does not read, beyond what its socket takes; more than the store gives at once. */
const WAITING_BYTES = 1024 * 1024;
/** How long a client that was ended may take to read the rest. */
const LINGER_MS = 15_000;
/** After which a client comes back by itself. */
const RETRY_MS = 2_000;

export function openEventStream(response: Response): EventStream {
  const over = new AbortController();
  const { socket } = response;
  let written = 0;
  response.on('close', () => over.abort());
  response.type('text/event-stream').setHeader('X-Accel-Buffering', 'no');
  response.status(200).write(`retry: ${RETRY_MS}\n\n`);

  function write(text: string): void {
    if (over.signal.aborted) return;
    response.write(text);
    if (response.writableLength > WAITING_BYTES) end('slow');
  }

  function end(reason: EndReason): void {
    if (over.signal.aborted) return;
    over.abort();
    response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    const late = setTimeout(() => response.destroy(), LINGER_MS);
    response.on('close', () => clearTimeout(late));
  }

  return {
    // The parts hold no line breaks: JSON escapes them.
    send: ({ id, event, data }) => write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`),
    beat(id) {
      const stuck = response.writableNeedDrain && socket?.bytesWritten === written;
      written = socket?.bytesWritten ?? 0;
      if (stuck) end('slow');
      else write(id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`);
    },
    async drained() {
      if (response.writableNeedDrain && !over.signal.aborted)
        await once(response, 'drain', { signal: over.signal }).catch(() => undefined);
    },
    end,
    over: over.signal,
  };
}
