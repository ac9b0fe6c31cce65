import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ApiClient } from '../../../client/client.ts';
import type { IconName } from '../ui/Icon.tsx';
import { useApi } from './api.ts';
import { ApiFault } from './client.ts';
import { useRail } from './rail.ts';

export interface Found {
  label: string;
  kind: string;
  icon: IconName;
  to: string;
}

const NAMED = ['sources', 'destinations', 'mappings', 'sites'] as const;
const EACH = 200;
const SHOWN = 20;

/** What a text leads to: pages at once, records as the API answers. */
export function useSearch(text: string): { found: Found[]; searching: boolean } {
  const api = useApi();
  const { routesByPath } = useRouter();
  const pages = useRail().map(({ label, icon, path }): Found => ({ label, kind: 'page', icon, to: path }));
  const named = useQuery({ queryKey: ['palette'], queryFn: () => readNamed(api), staleTime: 30_000 });
  const history = useQuery({
    queryKey: ['palette', text],
    queryFn: () => searchHistory(api, text),
    enabled: text.length >= 3,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const known = [...pages, ...(named.data ?? [])].filter(({ label }) => includes(label, text));
  const found = [...known, ...(text.length >= 3 ? (history.data ?? []) : [])];
  // Records whose pages this console doesn't have yet lead nowhere.
  const reachable = found.filter(({ kind, to }) => kind === 'page' || `/${to.split('/')[1]}/$id` in routesByPath);
  return { found: reachable.slice(0, SHOWN), searching: named.isPending || history.isFetching };
}

async function readNamed(api: ApiClient): Promise<Found[]> {
  const lists = await Promise.all(
    NAMED.map(async (kind) => {
      const { data } = await api.list(`/api/v1/${kind}`, {}, EACH);
      return data.map((record): Found => {
        const label = 'domain' in record ? record.domain : record.name;
        return { label, kind: kind.slice(0, -1), icon: kind, to: `/${kind}/${record.id}` };
      });
    }),
  );
  return lists.flat();
}

/** An event or delivery by its id, events by their correlation id. */
async function searchHistory(api: ApiClient, text: string): Promise<Found[]> {
  const isId = /^[a-z0-9]{15}$/.test(text);
  const [event, delivery, correlated] = await Promise.all([
    isId ? orNothing(api.get('/api/v1/events/{id}', { params: { path: { id: text } } })) : undefined,
    isId ? orNothing(api.get('/api/v1/deliveries/{id}', { params: { path: { id: text } } })) : undefined,
    text.length <= 128 ? api.list('/api/v1/events', { correlation_id: text }, 5) : undefined,
  ]);
  const events = [...(event ? [event] : []), ...(correlated?.data ?? [])];
  return [
    ...events.map(
      ({ id, type }): Found => ({ label: type || id, kind: `event ${id}`, icon: 'events', to: `/events/${id}` }),
    ),
    ...(delivery
      ? [
          {
            label: delivery.id,
            kind: `delivery, ${delivery.state}`,
            icon: 'deliveries' as const,
            to: `/deliveries/${delivery.id}`,
          },
        ]
      : []),
  ];
}

async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((fault: unknown) => {
    if (fault instanceof ApiFault && fault.status === 404) return undefined;
    throw fault;
  });
}

function includes(label: string, text: string): boolean {
  return label.toLowerCase().includes(text.toLowerCase());
}
