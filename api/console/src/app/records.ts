import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DataOf, ItemOf } from '../../../client/client.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from './account.ts';
import { useApi } from './api.ts';

/** What each kind of record takes as changes. */
interface Changes {
  sources: Schemas['SourceChanges'];
  destinations: Schemas['DestinationChanges'];
  webhooks: Schemas['WebhookChanges'];
  mappings: Schemas['MappingChanges'];
  sites: Schemas['SiteChanges'];
  goals: Schemas['GoalChanges'];
  triggers: Schemas['TriggerChanges'];
}

/** What people configure. */
export type RecordKind = keyof Changes;
export type ChangesOf<K extends RecordKind> = Changes[K];
export type RecordOf<K extends RecordKind> = DataOf<'get', `/api/v1/${K}/{id}`>;

const KINDS: readonly RecordKind[] = ['sources', 'destinations', 'webhooks', 'mappings', 'sites', 'goals', 'triggers'];
/** More than any installation has, so far. */
const AT_MOST = 1_000;

/** The path of a kind, with which the keys of all its queries begin. */
export function pathOf<K extends RecordKind>(kind: K): `/api/v1/${K}` {
  return `/api/v1/${kind}`;
}

interface Which {
  /** Absent: the account that is looked at. */
  account?: string;
  /** Read anew every so many milliseconds. */
  every?: number;
}

/** All records of a kind, to choose from; none as long as they are read. */
export function useRecords<K extends RecordKind>(kind: K, which: Which = {}): readonly ItemOf<`/api/v1/${K}`>[] {
  return useKnownRecords(kind, which) ?? [];
}

/** All records of a kind; undefined as long as they are read. */
export function useKnownRecords<K extends RecordKind>(kind: K, { account, every }: Which = {}) {
  const api = useApi();
  const chosen = useChosenAccount();
  const of = account ?? chosen;
  const { data } = useQuery({
    queryKey: [pathOf(kind), 'all', of],
    queryFn: () => api.list(pathOf(kind), { account: of } as never, AT_MOST),
    ...(every !== undefined && { refetchInterval: every }),
  });
  return data?.data as readonly ItemOf<`/api/v1/${K}`>[] | undefined;
}

/** One record; read anew `every` so many milliseconds, if given. */
export function useRecord<K extends RecordKind>(kind: K, id: string, { every }: { every?: number } = {}) {
  const api = useApi();
  const get = api.get as (path: string, init: object) => Promise<RecordOf<K>>;
  return useQuery({
    queryKey: [pathOf(kind), id],
    queryFn: () => get(`${pathOf(kind)}/{id}`, { params: { path: { id } } }),
    ...(every !== undefined && { refetchInterval: every }),
  });
}

/** Something that changes what is configured. All that shows it is read anew: a source takes its mappings along, a webhook is a destination. */
export function useChange<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(KINDS.map((kind) => queries.invalidateQueries({ queryKey: [pathOf(kind)] }))),
  });
}

/** Changes fields of one record, whatever it has become meanwhile; for forms see `useSave`. */
export function usePatch<K extends RecordKind>(kind: K, id: string) {
  const api = useApi();
  const patch = api.patch as (path: string, init: object) => Promise<RecordOf<K>>;
  return useChange((body: ChangesOf<K>) => patch(`${pathOf(kind)}/{id}`, { params: { path: { id } }, body }));
}

/** Deletes one record. */
export function useDelete(kind: RecordKind, id: string) {
  const api = useApi();
  return useChange(() => api.delete(`${pathOf(kind)}/{id}`, { params: { path: { id } } }));
}
