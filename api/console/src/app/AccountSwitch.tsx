import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Icon } from '../ui/Icon.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useChosenAccount } from './account.ts';
import { useApi } from './api.ts';
import { useSession } from './session.tsx';

const AT_MOST = 1_000;

/** Operators see every account or choose one; it is in the URL of each page from then on. Nothing for others. */
export function AccountSwitch({ className }: { className: string | undefined }) {
  const api = useApi();
  const navigate = useNavigate();
  const chosen = useChosenAccount();
  const isOperator = useSession().role === 'operator';
  const { data } = useQuery({
    queryKey: ['accounts'],
    queryFn: () => api.list('/api/v1/accounts', {}, AT_MOST),
    enabled: isOperator,
    staleTime: 60_000,
  });
  const accounts = data?.data ?? [];
  if (!isOperator || accounts.length < 2) return null;
  const choose = (account: string | undefined) =>
    void navigate({ to: '.', search: ((search: object) => ({ ...search, account })) as never });
  return (
    <Menu
      label="Account"
      trigger={
        <button type="button" className={className}>
          <Icon name="account" size={14} />
          <span>{accounts.find(({ id }) => id === chosen)?.name ?? 'All accounts'}</span>
          <Icon name="chevron" size={12} />
        </button>
      }
      actions={[
        { id: 'all', label: 'All accounts', run: () => choose(undefined) },
        ...accounts.map(({ id, name }) => ({ id, label: name, run: () => choose(id) })),
      ]}
    />
  );
}
