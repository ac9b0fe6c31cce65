import http from 'node:http';
import { until } from './until.ts';

/** One message of a stream; `data` is parsed. */
export interface StreamMessage {
  id?: string;
  event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test that names a wrong field fails by itself
  data?: any;
}

export interface ReadStream {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** All that has come, heartbeats too. */
  messages: StreamMessage[];
  /** Resolves with the first message, from `from` on, that fits. */
  next(fits: (message: StreamMessage) => boolean, from?: number): Promise<StreamMessage>;
  /** Resolves when the server has closed. */
  closed: Promise<void>;
  pause(): void;
  resume(): void;
  leave(): void;
}

/** Reads server-sent events as they are on the wire, with the header fields that browsers' EventSource can't send. */
export function readStream(url: string, headers: Record<string, string>): Promise<ReadStream> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false }, (response) => {
      const messages: StreamMessage[] = [];
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        messages.push(...parts.map(parse));
      });
      response.on('error', () => undefined);
      const closed = new Promise<void>((done) => response.once('close', done));
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        messages,
        next: (fits, from = 0) => until('a message of the stream', () => messages.slice(from).find(fits)),
        closed,
        pause: () => response.pause(),
        resume: () => response.resume(),
        leave: () => request.destroy(),
      });
    });
    request.on('error', reject);
  });
}

function parse(part: string): StreamMessage {
  const fields = part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2));
  const { data, ...message } = Object.fromEntries(fields) as Record<string, string>;
  return { ...message, ...(data !== undefined && { data: JSON.parse(data) }) };
}
