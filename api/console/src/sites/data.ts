import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { pathOf } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { useSettled } from '../ui/useSettled.ts';
import { beginOf, type Range } from './ranges.ts';

/** Whether hits arrive, and where triggers stand, is read again and again. */
export const EVERY_MS = 5_000;
const VISITORS_EVERY_MS = 30_000;
const BACKTEST_STAYS_MS = 60_000;
const AT_MOST = 1_000;
const EVENTS = '/api/v1/events';

/** The goals and triggers of a site. */
export function useOfSite(site: string) {
  const api = useApi();
  const goals = useQuery({
    queryKey: [pathOf('goals'), 'of', site],
    queryFn: () => api.list(pathOf('goals'), { site }, AT_MOST),
  });
  const triggers = useQuery({
    queryKey: [pathOf('triggers'), 'of', site],
    queryFn: () => api.list(pathOf('triggers'), { site }, AT_MOST),
    refetchInterval: EVERY_MS,
  });
  return { goals: goals.data?.data ?? [], triggers: triggers.data?.data ?? [] };
}

/** Visitors of a site from so long ago until now; a value comes every 5 minutes. */
export function useVisitors(id: string, range: Range, window: string) {
  const api = useApi();
  return useQuery({
    queryKey: [pathOf('sites'), id, 'visitors', range, window],
    queryFn: () => {
      const from = beginOf(range, Date.now()).toISOString();
      return api.get('/api/v1/sites/{id}/visitors', { params: { path: { id }, query: { from, window } } });
    },
    refetchInterval: VISITORS_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

/** The newest of what a trigger told in that time. */
export function useToldBy(trigger: string, range: Range) {
  const api = useApi();
  return useQuery({
    queryKey: [EVENTS, 'told by', trigger, range],
    queryFn: () => api.list(EVENTS, { trigger, from: beginOf(range, Date.now()).toISOString() }, AT_MOST),
    refetchInterval: VISITORS_EVERY_MS,
  });
}

/** What a trigger would have told, a moment after the last key; undefined: there is nothing to try. */
export function useBacktest(given: Schemas['TriggerBacktest'] | undefined) {
  const api = useApi();
  const mayTry = useMayWrite();
  const settled = useSettled(JSON.stringify(given ?? null));
  return useQuery({
    queryKey: ['backtest', settled],
    queryFn: () => api.post('/api/v1/triggers/backtest', { body: JSON.parse(settled) }),
    enabled: mayTry && settled !== 'null',
    placeholderData: keepPreviousData,
    staleTime: BACKTEST_STAYS_MS,
  });
}
