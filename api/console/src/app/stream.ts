import { parseJson } from '../../../client/json.ts';
import type { Row } from './live-rows.ts';

export interface StreamHandlers {
  onState: (state: 'connecting' | 'live' | 'lost') => void;
  onReset: () => void;
  onRow: (row: Row) => void;
  onUnmatched: (id: string) => void;
  onSessionEnd: () => void;
}

const AGAIN_MS = 5_000;

/**
 * Follows `GET /api/v1/stream` as long as the window is looked at, and until the returned function is called. EventSource comes back by
 * itself after a break; after an answer that is no stream this does.
 */
export function openStream(url: string, handlers: StreamHandlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    handlers.onState('connecting');
    const opened = new EventSource(url);
    source = opened;
    const on = (name: string, act: (data: string) => void) =>
      opened.addEventListener(name, ({ data }: MessageEvent<string>) => act(data));
    on('ready', () => {
      handlers.onState('live');
      handlers.onReset();
    });
    on('reset', () => handlers.onReset());
    on('event', (data) => handlers.onRow(parseJson(data) as never));
    on('delivery', (data) => handlers.onRow(parseJson(data) as never));
    on('unmatched', (data) => handlers.onUnmatched(JSON.parse(data).id));
    on('end', (data) => {
      if (JSON.parse(data).reason !== 'session') return;
      close();
      handlers.onState('lost');
      handlers.onSessionEnd();
    });
    opened.addEventListener('error', () => {
      if (opened !== source) return;
      handlers.onState('lost');
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    });
  };
  const follow = () => {
    if (document.hidden) close();
    else if (!source) open();
  };
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close();
  };
}
