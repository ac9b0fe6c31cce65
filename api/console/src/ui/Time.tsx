import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from './time.ts';

/** Relative, with the exact time on hover; goes on by itself. Empty for null. */
export function Time({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null || at === '') return null;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}

/** The exact time, for details. */
export function ExactTime({ at }: { at: string }) {
  return <time dateTime={at}>{exactTime(Date.parse(at))}</time>;
}

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time of now, every second; one timer for all who ask. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  current = Date.now();
  for (const listener of listeners) listener();
}
