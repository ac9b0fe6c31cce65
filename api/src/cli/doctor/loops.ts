import type { Destination, Mapping, Source } from '../../model/configuration.ts';

export interface Rules {
  sources: Pick<Source, 'id' | 'name' | 'enabled'>[];
  destinations: Pick<Destination, 'id' | 'name' | 'url' | 'enabled'>[];
  mappings: Pick<Mapping, 'source' | 'destination' | 'enabled' | 'filter'>[];
}

/** One step of a round: events of a source go to the ingest URL of another, or its own. */
interface Step {
  from: string;
  to: string;
  /** `github → again → github`: source, destination, source. */
  text: string;
}

/**
 * The steps by which every event comes back to where it began. A mapping with a filter may end its round, so those don't
 * count; nor does an address that is not among our own, since another installation may have sources of the same names.
 * @param ownUrls addresses of this installation's API, with what stands before `/ingest`
 */
export function findLoops({ sources, destinations, mappings }: Rules, ownUrls: string[]): string[] {
  const ingestUrls = new Map(
    sources.flatMap((source) =>
      source.enabled ? ownUrls.map((url) => [canonical(`${url}/ingest/${source.name}`), source] as const) : [],
    ),
  );
  const steps = mappings.flatMap((mapping): Step[] => {
    const from = sources.find(({ id }) => id === mapping.source);
    const destination = destinations.find(({ id }) => id === mapping.destination);
    const to = destination?.enabled ? ingestUrls.get(canonical(destination.url)) : undefined;
    if (!from || !destination || !to || !mapping.enabled || mapping.filter) return [];
    return [{ from: from.id, to: to.id, text: `${from.name} → ${destination.name} → ${to.name}` }];
  });
  return [...new Set(steps.filter(({ from, to }) => leads(steps, to, from)).map(({ text }) => text))];
}

function leads(steps: Step[], start: string, goal: string): boolean {
  const reached = new Set([start]);
  // What is added while a set is walked is walked too.
  for (const at of reached) for (const { from, to } of steps) if (from === at) reached.add(to);
  return reached.has(goal);
}

/** Host and path without what doesn't matter to where a request goes; the empty text for a masked URL. */
function canonical(text: string): string {
  if (!URL.canParse(text)) return '';
  const { hostname, port, pathname } = new URL(text);
  const host = /^(localhost|127(\.\d+){3}|\[::1\])\.?$/.test(hostname) ? 'localhost' : hostname;
  return `${host}:${port}${pathname}`;
}
