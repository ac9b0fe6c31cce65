import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';

/** All that is read of webhooks has this before its key. */
export const KEY = '/api/v1/webhooks';
const HEALTH_EVERY_MS = 5_000;

export function useWebhook(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KEY, id],
    queryFn: () => api.get('/api/v1/webhooks/{id}', { params: { path: { id } } }),
    refetchInterval: HEALTH_EVERY_MS,
  });
}

/** Something that changes webhooks; what shows them is read anew. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}
