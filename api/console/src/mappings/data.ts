import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';

/** All that is read of mappings has this before its key. */
export const KEY = '/api/v1/mappings';
const AT_MOST = 1_000;

export function useMapping(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KEY, id],
    queryFn: () => api.get('/api/v1/mappings/{id}', { params: { path: { id } } }),
    // What is being edited stays as it was when it was opened.
    refetchOnWindowFocus: false,
  });
}

/** What a mapping leads from and to. */
export function useEnds() {
  const api = useApi();
  const account = useChosenAccount();
  const sources = useQuery({
    queryKey: ['/api/v1/sources', 'all', account],
    queryFn: () => api.list('/api/v1/sources', { account }, AT_MOST),
  });
  const destinations = useQuery({
    queryKey: ['/api/v1/destinations', 'all', account],
    queryFn: () => api.list('/api/v1/destinations', { account }, AT_MOST),
  });
  return { sources: sources.data?.data ?? [], destinations: destinations.data?.data ?? [] };
}

/** Something that changes mappings; what shows them is read anew. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}
