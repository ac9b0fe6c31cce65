import { useQuery } from '@tanstack/react-query';
import type { ItemOf } from '../../../client/client.ts';
import { useChosenAccount } from './account.ts';
import { useApi } from './api.ts';

type Kind = 'sources' | 'destinations' | 'mappings' | 'sites' | 'goals' | 'triggers';

/** More than any installation has, so far. */
const AT_MOST = 1_000;

/** All records of a kind in the account that is looked at, to choose from; none as long as they are read. */
export function useRecords<K extends Kind>(kind: K): readonly ItemOf<`/api/v1/${K}`>[] {
  const api = useApi();
  const account = useChosenAccount();
  const path = `/api/v1/${kind}` as const;
  const { data } = useQuery({
    queryKey: [path, 'all', account],
    queryFn: () => api.list(path, { account } as never, AT_MOST),
  });
  return data?.data ?? [];
}
