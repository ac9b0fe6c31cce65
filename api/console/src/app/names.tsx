import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import type { ApiClient } from '../../../client/client.ts';
import type { Schemas } from '../../../client/schemas.ts';

type NamedRecord = Schemas['NamedRecord'];
/** Undefined: nobody knows that id. */
export type ReadName = (id: string) => Promise<NamedRecord | null>;

const AT_ONCE = 50;

/** Asks for all names that are wanted at the same moment in as few requests as there can be. */
export function createReadName(api: Pick<ApiClient, 'get'>): ReadName {
  let waiting: string[] = [];
  let batch: Promise<Map<string, NamedRecord>> | undefined;

  async function readBatch(): Promise<Map<string, NamedRecord>> {
    // All components of a page ask in the same task.
    await new Promise((resolve) => setTimeout(resolve));
    const ids = [...new Set(waiting)];
    waiting = [];
    batch = undefined;
    const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, part) =>
      ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE).join(','),
    );
    const answers = await Promise.all(
      parts.map((part) => api.get('/api/v1/names', { params: { query: { ids: part } } })),
    );
    return new Map(answers.flatMap(({ data }) => data.map((record) => [record.id, record])));
  }

  return async (id) => {
    waiting.push(id);
    batch ??= readBatch();
    return (await batch).get(id) ?? null;
  };
}

export const NamesContext = createContext<ReadName>(async () => null);

const NAME_STAYS_MS = 60_000;

/** What an id is called; undefined while that is read, null when nobody knows. */
export function useRecordName(id: string): NamedRecord | null | undefined {
  const read = useContext(NamesContext);
  return useQuery({
    queryKey: ['name', id],
    queryFn: () => read(id),
    staleTime: NAME_STAYS_MS,
    enabled: id !== '',
  }).data;
}

/** Pages of records, by kind; those that this console has become links. */
const PAGES: Record<NamedRecord['kind'], string> = {
  source: '/sources/$id',
  destination: '/destinations/$id',
  mapping: '/mappings/$id',
  site: '/sites/$id',
  goal: '/goals/$id',
  trigger: '/triggers/$id',
};

/** The name of a source, destination or mapping, as a link to its page; with `plain` the name alone. */
export function RecordName({ id, plain = false }: { id: string; plain?: boolean }) {
  const record = useRecordName(id);
  const { routesByPath } = useRouter();
  if (id === '') return null;
  if (!record) return <code>{id}</code>;
  if (record.deleted_at !== null) return <span>{record.name} (deleted)</span>;
  const page = PAGES[record.kind];
  if (plain || !(page in routesByPath)) return <span>{record.name}</span>;
  return <Link to={page.replace('$id', id) as string}>{record.name}</Link>;
}
