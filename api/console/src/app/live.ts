import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from '../../../client/client.ts';
import { useChosenAccount } from './account.ts';
import { mergeRows, type Row, type RowChange } from './live-rows.ts';
import { openStream } from './stream.ts';

type Cached<T> = InfiniteData<Page<T>, string | undefined>;

/** Rows come at any speed; they are shown so often. */
const FLUSH_MS = 250;

export interface Live {
  state: 'connecting' | 'live' | 'paused' | 'lost';
  /** New rows that wait, since it is paused or the list is not at its top. */
  waiting: number;
  /** Shows them. */
  show: () => void;
  pause: (paused: boolean) => void;
}

export interface LiveOptions {
  topic: 'events' | 'deliveries';
  /** The key of the list in the cache, as `usePages` makes it. */
  listKey: readonly unknown[];
  /** The list's own filters. */
  query: Readonly<Record<string, string | undefined>>;
  /** New rows slide in only while this holds. */
  atTop: boolean;
  /** Nothing is followed: the stream knows no such filter. */
  off?: boolean;
}

/**
 * Keeps a list up to date: rows that are shown change in place, new ones slide in at the top, or wait. While the window is not
 * looked at nothing is followed, since a browser has few connections; what was missed is read when it is looked at again.
 */
export function useLive({ topic, listKey, query, atTop, off = false }: LiveOptions): Live {
  const queries = useQueryClient();
  const account = useChosenAccount();
  const [state, setState] = useState<'connecting' | 'live' | 'lost'>('connecting');
  const [paused, setPaused] = useState(false);
  const waiting = useRef(new Map<string, Row>());
  const [waitingCount, setWaitingCount] = useState(0);
  const slides = useRef(true);
  slides.current = atTop && !paused;
  const key = JSON.stringify(listKey);
  const filters = new URLSearchParams({ topics: topic, ...defined({ ...query, account }) }).toString();

  const apply = useCallback(
    (changes: readonly RowChange[]) => {
      queries.setQueryData<Cached<Row>>(JSON.parse(key), (cached) => {
        if (!cached) return cached;
        const { pages, kept } = mergeRows(cached.pages, changes, slides.current);
        for (const row of kept) waiting.current.set(row.id, row);
        return pages === cached.pages ? cached : { ...cached, pages: [...pages] };
      });
      setWaitingCount(waiting.current.size);
    },
    [queries, key],
  );

  useEffect(() => {
    if (off) return;
    let changes: RowChange[] = [];
    const timer = setInterval(() => {
      if (changes.length === 0) return;
      const now = changes;
      changes = [];
      apply(now);
    }, FLUSH_MS);
    const forget = () => {
      changes = [];
      waiting.current.clear();
      setWaitingCount(0);
    };
    const close = openStream(`/api/v1/stream?${filters}`, {
      onState: setState,
      // It begins here, or went on after a gap: the list of now and the rows that follow miss nothing.
      onReset: () => {
        forget();
        void queries.invalidateQueries({ queryKey: JSON.parse(key) });
      },
      onRow: (row) => changes.push({ row }),
      onUnmatched: (id) => changes.push({ gone: id }),
      onSessionEnd: () => void queries.invalidateQueries(),
    });
    return () => {
      close();
      clearInterval(timer);
      forget();
    };
  }, [filters, key, queries, apply, off]);

  const show = useCallback(() => {
    const rows = [...waiting.current.values()];
    waiting.current.clear();
    slides.current = true;
    apply(rows.map((row) => ({ row })));
  }, [apply]);
  useEffect(() => {
    if (atTop && !paused) show();
  }, [atTop, paused, show]);

  return { state: paused ? 'paused' : state, waiting: waitingCount, show, pause: setPaused };
}

function defined(query: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Record<string, string>;
}
