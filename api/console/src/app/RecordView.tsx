import type { ReactNode } from 'react';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { faultOf } from './faults.ts';

interface RecordViewProps<T> {
  /** In the head until the record is there. */
  title: string;
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (record: T) => ReactNode;
}

/** The page of one record: rows to come, what went wrong, or `children`. What was read stays when a later reading fails. */
export function RecordView<T>({ title, query: { data, error, refetch }, children }: RecordViewProps<T>) {
  if (data !== undefined) return children(data);
  return (
    <>
      <PageHead title={title} />
      <PageBody>
        {error ? <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} /> : <SkeletonRows rows={6} />}
      </PageBody>
    </>
  );
}
