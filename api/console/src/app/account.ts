import { useSearch } from '@tanstack/react-router';

/** The account that an operator has chosen, for the `account` of lists; undefined: all, or the user's own. */
export function useChosenAccount(): string | undefined {
  const { account } = useSearch({ strict: false }) as { account?: string };
  return account;
}
