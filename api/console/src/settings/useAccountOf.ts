import { useQuery } from '@tanstack/react-query';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { useSession } from '../app/session.tsx';

/** The account that something new belongs to: one's own, the one that an operator has chosen, else the first. */
export function useAccountOf(): string | undefined {
  const api = useApi();
  const chosen = useChosenAccount();
  const { account } = useSession();
  const { data } = useQuery({
    queryKey: ['accounts', 'first'],
    queryFn: () => api.list('/api/v1/accounts', {}, 1),
    enabled: account === null && chosen === undefined,
  });
  return account ?? chosen ?? data?.data[0]?.id;
}
