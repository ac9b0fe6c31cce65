import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import type { ItemOf, ListPath, Page, Query } from '../../../client/client.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { useApi } from './api.ts';
import { faultOf } from './faults.ts';

const PAGE = 50;

export interface Pages<T> {
  rows: readonly T[];
  /** For `List`: reads the next page. */
  more: { load: () => void; loading: boolean } | undefined;
  isPending: boolean;
  error: unknown;
  refetch: () => void;
}

/** A list of the API, page by page. Its key begins with the path, so that `invalidateQueries({queryKey: [path]})` reads it anew. */
export function usePages<P extends ListPath>(
  path: P,
  query: Query<P>,
  { every }: { every?: number } = {},
): Pages<ItemOf<P>> {
  const api = useApi();
  const result = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam }) => readPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...(every !== undefined && { refetchInterval: every }),
  });

  function readPage(cursor: string | undefined): Promise<Page<ItemOf<P>>> {
    const get = api.get as (path: P, init: object) => Promise<Page<ItemOf<P>>>;
    return get(path, { params: { query: { ...query, limit: PAGE, ...(cursor && { cursor }) } } });
  }

  const rows = useMemo(() => result.data?.pages.flatMap(({ data }) => data) ?? [], [result.data]);
  const load = () => void result.fetchNextPage();
  return {
    rows,
    more: result.hasNextPage ? { load, loading: result.isFetchingNextPage } : undefined,
    isPending: result.isPending,
    error: result.error,
    refetch: () => void result.refetch(),
  };
}

/** What a list shows: rows to come, what went wrong, `empty`, or `children`. */
export function PagesView({
  pages,
  empty,
  children,
}: {
  pages: Pages<unknown>;
  empty: ReactNode;
  children: ReactNode;
}) {
  if (pages.error && pages.rows.length === 0) {
    return (
      <div style={{ padding: 24 }}>
        <ErrorNote fault={faultOf(pages.error)} onRetry={pages.refetch} />
      </div>
    );
  }
  if (pages.isPending) return <SkeletonRows />;
  return pages.rows.length === 0 ? empty : children;
}
