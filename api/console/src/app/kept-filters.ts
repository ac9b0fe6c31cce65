import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';

type Filters = Record<string, unknown>;

const KEY = 'pockethook.filters';
/** What belongs to the moment, or goes along by itself. */
const NOT_KEPT = ['open', 'account'];

/** Remembers in this browser with which filters each of these pages was left. */
export function useKeepFilters(paths: readonly string[]): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (!paths.includes(pathname)) return;
    const filters = Object.fromEntries(Object.entries(search).filter(([name]) => !NOT_KEPT.includes(name)));
    localStorage.setItem(KEY, JSON.stringify({ ...readAll(), [pathname]: filters }));
  }, [paths, pathname, search]);
}

/** The filters to come back to a page with; none when one is there: then its entry in the rail shows all. */
export function keptFilters(path: string, current: string): Filters {
  return path === current ? {} : (readAll()[path] ?? {});
}

/** Somebody else must not find them. */
export function forgetFilters(): void {
  localStorage.removeItem(KEY);
}

function readAll(): Record<string, Filters> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, Filters>) : {};
  } catch {
    return {};
  }
}
