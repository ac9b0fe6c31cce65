import { QueryClient } from '@tanstack/react-query';
import { ApiFault } from './client.ts';

/** What was read is shown at once and read anew in the background; what may pass is tried again twice. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (failures, fault) => failures < 2 && mayPass(fault),
      },
    },
  });
}

function mayPass(fault: unknown): boolean {
  return fault instanceof ApiFault ? fault.status === 429 || fault.status >= 500 : fault instanceof TypeError;
}
