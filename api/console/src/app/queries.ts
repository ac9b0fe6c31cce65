import { QueryClient } from '@tanstack/react-query';

/** What was read is shown at once and read anew in the background. The API's client repeats what may pass. */
export function createQueries(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: 2_000, retry: false } } });
}
