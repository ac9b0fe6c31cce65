import { useQuery } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';

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

/** Where producers post to. */
export function ingestUrl(name: string): string {
  return `${location.origin}/ingest/${name}`;
}
