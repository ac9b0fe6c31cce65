import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import type { IconName } from '../ui/Icon.tsx';
import { useChosenAccount } from './account.ts';
import { useApi } from './api.ts';
import { useRail } from './rail.ts';

export interface Found {
  label: string;
  kind: string;
  icon: IconName;
  to: string;
  search?: Record<string, string>;
}

type Kind = Schemas['SearchResult']['data'][number]['kind'];

const PLACES: Record<Kind, { path: string; icon: IconName }> = {
  source: { path: '/sources', icon: 'sources' },
  destination: { path: '/destinations', icon: 'destinations' },
  webhook: { path: '/webhooks', icon: 'webhooks' },
  mapping: { path: '/mappings', icon: 'mappings' },
  site: { path: '/sites', icon: 'sites' },
  goal: { path: '/goals', icon: 'check' },
  trigger: { path: '/triggers', icon: 'bell' },
  event: { path: '/events', icon: 'events' },
  delivery: { path: '/deliveries', icon: 'deliveries' },
};

/** What a text leads to: pages at once; names, ids, correlation ids and words of events as the API answers. */
export function useSearch(text: string): { found: Found[]; searching: boolean } {
  const api = useApi();
  const account = useChosenAccount();
  const { routesByPath } = useRouter();
  const pages = useRail()
    .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()))
    .map(({ label, icon, path }): Found => ({ label, kind: 'page', icon, to: path }));
  const { data, isFetching } = useQuery({
    queryKey: ['palette', text, account],
    queryFn: () => api.get('/api/v1/search', { params: { query: { q: text, ...(account && { account }) } } }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });
  if (text === '') return { found: pages, searching: false };
  const records = (data?.data ?? [])
    .map(({ kind, id, name, detail }): Found => {
      const { path, icon } = PLACES[kind];
      return { label: name || id, kind: detail ? `${kind}, ${detail}` : kind, icon, to: `${path}/${id}` };
    })
    // A goal has no page of its own.
    .filter(({ to }) => `/${to.split('/')[1]}/$id` in routesByPath);
  const all: Found = { label: `Events with ${text}`, kind: 'all', icon: 'search', to: '/events', search: { q: text } };
  return { found: [...pages, ...records, all], searching: isFetching };
}
