import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';

export const SITES = '/api/v1/sites';
export const GOALS = '/api/v1/goals';
export const TRIGGERS = '/api/v1/triggers';
const EVERY_MS = 5_000;
const AT_MOST = 1_000;

/** Read again and again: whether hits arrive is on it. */
export function useSite(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [SITES, id],
    queryFn: () => api.get('/api/v1/sites/{id}', { params: { path: { id } } }),
    refetchInterval: EVERY_MS,
  });
}

export function useTrigger(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [TRIGGERS, id],
    queryFn: () => api.get('/api/v1/triggers/{id}', { params: { path: { id } } }),
    refetchInterval: EVERY_MS,
  });
}

/** The goals and triggers of a site. */
export function useOfSite(site: string) {
  const api = useApi();
  const goals = useQuery({ queryKey: [GOALS, 'all'], queryFn: () => api.list(GOALS, {}, AT_MOST) });
  const triggers = useQuery({
    queryKey: [TRIGGERS, 'all'],
    queryFn: () => api.list(TRIGGERS, {}, AT_MOST),
    refetchInterval: EVERY_MS,
  });
  return {
    goals: (goals.data?.data ?? []).filter((goal) => goal.site === site),
    triggers: (triggers.data?.data ?? []).filter((trigger) => trigger.site === site),
  };
}

/** Whom triggers of an account may tell. */
export function useTold(account: string): readonly Pick<Schemas['Destination'], 'id' | 'name' | 'type'>[] {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['/api/v1/destinations', 'all', account],
    queryFn: () => api.list('/api/v1/destinations', { account }, AT_MOST),
    enabled: account !== '',
  });
  return data?.data ?? [];
}

/** Something that changes sites, goals or triggers; what shows them is read anew. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all([SITES, GOALS, TRIGGERS].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}
