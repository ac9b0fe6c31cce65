import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';

type Destination = Schemas['Destination'];

/** All that is read of destinations has this before its key. */
export const KEY = '/api/v1/destinations';
const HEALTH_EVERY_MS = 5_000;

export function useDestination(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KEY, id],
    queryFn: () => api.get('/api/v1/destinations/{id}', { params: { path: { id } } }),
    refetchInterval: HEALTH_EVERY_MS,
  });
}

/** Something that changes destinations; what shows them is read anew. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Changes fields of one destination. */
export function usePatch(id: string) {
  const api = useApi();
  return useChange(
    (body: Schemas['DestinationChanges']): Promise<Destination> =>
      api.patch('/api/v1/destinations/{id}', { params: { path: { id } }, body }),
  );
}
