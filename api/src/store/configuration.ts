import { isDeepStrictEqual } from 'node:util';
import type { Configuration, Destination, Mapping, Source } from '../model/configuration.ts';
import { createFaultLog, type Logger } from '../ops/logger.ts';

/** A mapping with where it leads; one whose destination is gone is left out. */
export interface Route {
  mapping: Mapping;
  destination: Destination;
}

/** The configuration in force, looked up without I/O. Records keep their identity until they are changed. */
export interface ConfigurationView {
  readonly version: number;
  sourceByName(name: string): Source | undefined;
  sourceById(id: string): Source | undefined;
  routesOf(source: Source): Route[];
  destination(id: string): Destination | undefined;
  mapping(id: string): Mapping | undefined;
  readonly destinations: readonly Destination[];
}

export interface ConfigurationCache {
  readonly current: ConfigurationView;
  /** Reads the configuration now; rejects when the store can't be reached. */
  refresh(): Promise<void>;
  /** Told of a version; reads the configuration if it is newer. Never rejects. */
  seen(version: number): void;
}

export interface ConfigurationDeps {
  load: () => Promise<Configuration>;
  logger: Logger;
}

/** Starts empty, with version −1: until the first refresh nobody knows what there is. */
export function createConfigurationCache(deps: ConfigurationDeps): ConfigurationCache {
  let current = createView({ version: -1, sources: [], destinations: [], mappings: [] });
  const faults = createFaultLog(deps.logger, 'configuration not refreshed');
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  /** The newest version told of since the last reading began. */
  let told = -1;

  async function read(): Promise<void> {
    told = -1;
    const configuration = await deps.load();
    if (configuration.version < current.version) return;
    const { sources, mappings } = configuration;
    current = createView({
      ...configuration,
      sources: sources.map((source) => unchanged(current.sourceById(source.id), source)),
      mappings: mappings.map((mapping) => unchanged(current.mapping(mapping.id), mapping)),
    });
  }

  /**
   * A reading that began before the call may have missed what the caller just wrote: one more follows it, and all who ask
   * meanwhile share that one.
   */
  function refresh(): Promise<void> {
    if (!running) return start();
    following ??= running
      .catch(() => undefined)
      .then(() => {
        following = undefined;
        return start();
      });
    return following;
  }

  function start(): Promise<void> {
    const reading = read();
    running = reading;
    reading.then(
      () => {
        faults.worked();
        finished(current.version);
      },
      (fault) => {
        faults.failed(fault);
        // Whoever tells of a version next causes another reading; at once it would only fail again.
        finished(told);
      },
    );
    return reading;
  }

  function finished(known: number): void {
    running = undefined;
    if (told > known && !following) start().catch(() => undefined);
  }

  return {
    get current() {
      return current;
    },
    refresh,
    seen(version) {
      told = Math.max(told, version);
      if (!running && version > current.version) refresh().catch(() => undefined);
    },
  };
}

/** The record as it was read before if nothing in it has changed: what was compiled for it stays. */
function unchanged<T extends object>(before: T | undefined, now: T): T {
  return before && isDeepStrictEqual(before, now) ? before : now;
}

function createView(configuration: Configuration): ConfigurationView {
  const { version, sources, destinations, mappings } = configuration;
  const sourcesByName = new Map(sources.map((source) => [source.name, source]));
  const sourcesById = new Map(sources.map((source) => [source.id, source]));
  const destinationsById = new Map(destinations.map((destination) => [destination.id, destination]));
  const mappingsById = new Map(mappings.map((mapping) => [mapping.id, mapping]));
  const routes = new Map<string, Route[]>();
  for (const mapping of mappings) {
    const destination = destinationsById.get(mapping.destination);
    if (!destination) continue;
    const list = routes.get(mapping.source) ?? [];
    list.push({ mapping, destination });
    routes.set(mapping.source, list);
  }
  return {
    version,
    destinations,
    sourceByName: (name) => sourcesByName.get(name),
    sourceById: (id) => sourcesById.get(id),
    routesOf: (source) => routes.get(source.id) ?? [],
    destination: (id) => destinationsById.get(id),
    mapping: (id) => mappingsById.get(id),
  };
}
