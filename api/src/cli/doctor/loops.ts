import type { Destination, Mapping, Source } from '../../model/configuration.ts';

export interface Rules {
  sources: Pick<Source, 'id' | 'name' | 'enabled'>[];
  destinations: Pick<Destination, 'id' | 'name' | 'url' | 'enabled'>[];
  mappings: Pick<Mapping, 'source' | 'destination' | 'enabled' | 'filter'>[];
}

/** One edge of a loop: a source whose events are sent to the ingest URL of a source. */
interface Step {
  from: string;
  to: string;
  /** `github → again → github`: source, destination, source. */
  text: string;
}

/**
 * Finds loops that every event goes through. Mappings with a filter are ignored, since the filter may end the loop; so are
 * URLs of other installations, which may have sources of the same names.
 * @param ownUrls base URLs of this installation's API: the part before `/ingest`
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
  // Items added to a Set during iteration are visited too.
  for (const at of reached) for (const { from, to } of steps) if (from === at) reached.add(to);
  return reached.has(goal);
}

/** Normalised host and path of a URL; the empty text for a masked URL. */
function canonical(text: string): string {
  if (!URL.canParse(text)) return '';
  const { hostname, port, pathname } = new URL(text);
  const host = /^(localhost|127(\.\d+){3}|\[::1\])\.?$/.test(hostname) ? 'localhost' : hostname;
  return `${host}:${port}${pathname}`;
}
