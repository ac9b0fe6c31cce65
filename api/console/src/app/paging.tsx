import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import type { ItemOf, ListPath, Page, Query } from '../../../client/client.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { useChosenAccount } from './account.ts';
import { useApi } from './api.ts';
import { faultOf } from './faults.ts';
import { shareRows } from './share-rows.ts';

const PAGE = 50;

export interface Pages<T> {
  /** Its place in the cache, for `useLive`. */
  listKey: readonly unknown[];
  rows: readonly T[];
  /** For `List`: reads the next page. */
  more: { load: () => void; loading: boolean } | undefined;
  isPending: boolean;
  error: unknown;
  refetch: () => void;
}

/** A list of the API, page by page, in the account that is looked at. Its key begins with the path, so that `invalidateQueries({queryKey: [path]})` reads it anew;
 * it is read anew `every` so many milliseconds, if given (lists that `useLive` follows need not be). */
export function usePages<P extends ListPath>(
  path: P,
  query: Query<P>,
  { every }: { every?: number } = {},
): Pages<ItemOf<P>> {
  const api = useApi();
  const account = useChosenAccount();
  const listKey = [path, { ...query, account }];
  const result = useInfiniteQuery({
    queryKey: listKey,
    queryFn: ({ pageParam }) => readPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    structuralSharing: shareRows,
    ...(every !== undefined && { refetchInterval: every }),
  });

  function readPage(cursor: string | undefined): Promise<Page<ItemOf<P>>> {
    const get = api.get as (path: P, init: object) => Promise<Page<ItemOf<P>>>;
    return get(path, { params: { query: { ...query, account, limit: PAGE, ...(cursor && { cursor }) } } });
  }

  const rows = useMemo(() => result.data?.pages.flatMap(({ data }) => data) ?? [], [result.data]);
  const load = () => void result.fetchNextPage();
  return {
    listKey,
    rows,
    more: result.hasNextPage ? { load, loading: result.isFetchingNextPage } : undefined,
    isPending: result.isPending,
    error: result.error,
    refetch: () => void result.refetch(),
  };
}

export interface PagesViewProps {
  pages: Pages<unknown>;
  /** What stands there when there is no row. */
  empty: ReactNode;
  /** A row is open at the side, which stays when the list has become empty. */
  open?: boolean;
  children: ReactNode;
}

/** What a list shows: rows to come, what went wrong, `empty`, or `children`. */
export function PagesView({ pages, empty, open = false, children }: PagesViewProps) {
  if (pages.error && pages.rows.length === 0) {
    return (
      <div style={{ padding: 24 }}>
        <ErrorNote fault={faultOf(pages.error)} onRetry={pages.refetch} />
      </div>
    );
  }
  if (pages.isPending) return <SkeletonRows />;
  return pages.rows.length === 0 && !open ? empty : children;
}
