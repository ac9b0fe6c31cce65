import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';

/** All that is read of sources has this before its key. */
export const KEY = '/api/v1/sources';

export function useSource(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: [KEY, id],
    queryFn: () => api.get('/api/v1/sources/{id}', { params: { path: { id } } }),
  });
}

/** What is known of vendors' webhooks; it changes with the version only. */
export function usePresets() {
  const api = useApi();
  return useQuery({
    queryKey: ['source-presets'],
    queryFn: () => api.get('/api/v1/source-presets'),
    select: ({ data }) => data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Something that changes sources; what shows them is read anew. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Changes fields of one source. */
export function usePatch(id: string) {
  const api = useApi();
  return useChange((body: Schemas['SourceChanges']) =>
    api.patch('/api/v1/sources/{id}', { params: { path: { id } }, body }),
  );
}

/** Where producers post to. */
export function ingestUrl(name: string): string {
  return `${location.origin}/ingest/${name}`;
}
