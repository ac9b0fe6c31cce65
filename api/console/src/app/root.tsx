import { createRootRoute, retainSearchParams } from '@tanstack/react-router';
import { NotFound } from './NotFound.tsx';
import { Shell } from './Shell.tsx';

interface RootSearch {
  /** What an operator looks at: the id of an account; absent: all. It stays while one goes from page to page. */
  account?: string;
}

/** Around every page. A folder of pages makes its routes below it. */
export const rootRoute = createRootRoute({
  validateSearch: (search: Record<string, unknown>): RootSearch =>
    typeof search.account === 'string' ? { account: search.account } : {},
  search: { middlewares: [retainSearchParams(['account'])] },
  component: Shell,
  notFoundComponent: NotFound,
});
