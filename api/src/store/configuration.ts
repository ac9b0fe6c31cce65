import { isDeepStrictEqual } from 'node:util';
import type { KindName } from '../kinds/index.ts';
import type { Configuration, Destination, Mapping, Source, UnreadableRecord } from '../model/configuration.ts';
import type { NotificationsConfiguration } from '../model/notifications.ts';
import { Problem } from '../model/problems.ts';
import { createFaultLog, type Logger } from '../ops/logger.ts';

/** A mapping with where it leads; one whose destination is gone is left out. */
export interface Route {
  mapping: Mapping;
  destination: Destination;
}

/** A mapping that nothing can be decided about: it, or where it leads, can't be read. */
export interface BrokenRoute {
  mapping: string;
  destination: string;
  unreadable: UnreadableRecord;
}

/** The configuration in force, looked up without I/O. Records keep their identity until they are changed. */
export interface ConfigurationView {
  readonly version: number;
  sourceByName(name: string): Source | undefined;
  sourceById(id: string): Source | undefined;
  routesOf(source: Source): Route[];
  brokenRoutesOf(source: Source): BrokenRoute[];
  destination(id: string): Destination | undefined;
  mapping(id: string): Mapping | undefined;
  /** A record of any kind. */
  record(kind: KindName, id: string): object | undefined;
  /** What is counted and told of whose visitors. */
  readonly notifications: NotificationsConfiguration;
  readonly destinations: readonly Destination[];
  /** What is out of service until somebody corrects it. */
  readonly unreadable: readonly UnreadableRecord[];
  /** By the id of the record. */
  unreadableRecord(id: string): UnreadableRecord | undefined;
  unreadableSource(name: string): UnreadableRecord | undefined;
  /** Ids of the destinations that nothing can be sent to. */
  readonly undeliverable: readonly string[];
}

export interface ConfigurationCache {
  readonly current: ConfigurationView;
  /** Whether the last reading failed, so that `current` may be out of date. */
  readonly failing: boolean;
  /** Reads the configuration now; rejects when the store can't be reached. */
  refresh(): Promise<void>;
  /** Told of a version; reads the configuration if it is newer. Never rejects. */
  seen(version: number): void;
}

export interface ConfigurationDeps {
  load: () => Promise<Configuration>;
  logger: Logger;
}

const NOTHING: Configuration = {
  version: -1,
  ...{ sources: [], destinations: [], mappings: [], sites: [], goals: [], triggers: [] },
  unreadable: [],
};

/** Starts empty, with version −1: until the first refresh nobody knows what there is. */
export function createConfigurationCache(deps: ConfigurationDeps): ConfigurationCache {
  let current = createView(NOTHING);
  const faults = createFaultLog(deps.logger, 'configuration not refreshed');
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  /** The newest version told of since the last reading began. */
  let told = -1;
  let failing = false;

  async function read(): Promise<void> {
    told = -1;
    const configuration = await deps.load();
    if (configuration.version < current.version) return;
    reportUnreadable(current.unreadable, configuration.unreadable, deps.logger);
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
        failing = false;
        faults.worked();
        finished(current.version);
      },
      (fault) => {
        failing = true;
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
    get failing() {
      return failing;
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

const NAMED_AT_MOST = 10;

/** What is wrong with the configuration in force, for `/readyz`: ids only, since anybody may ask. Undefined: nothing. */
export function describeConfiguration({ current, failing }: ConfigurationCache): string | undefined {
  if (current.version < 0) return 'it has not been read yet; the log says why';
  const named = current.unreadable.map(({ kind, id, problem }) => `${kind} ${id}: ${problem}`);
  const more = named.length > NAMED_AT_MOST ? [`and ${named.length - NAMED_AT_MOST} more`] : [];
  const parts = [
    ...(failing ? [`the last reading failed (the log says why), and version ${current.version} stays in force`] : []),
    ...(named.length > 0 ? [`out of service: ${[...named.slice(0, NAMED_AT_MOST), ...more].join(' ')}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : undefined;
}

/** @throws Problem `conflict`, with the reason, when the record of this id can't be read */
export function refuseUnreadable(view: Pick<ConfigurationView, 'unreadableRecord'>, id: string): void {
  const found = view.unreadableRecord(id);
  if (found) throw new Problem('conflict', `The ${found.kind} ${id} is out of service: ${found.problem}`);
}

/** One line for each record that could be read before, or for another reason, and for each that is well again. */
function reportUnreadable(before: readonly UnreadableRecord[], now: readonly UnreadableRecord[], logger: Logger): void {
  const problems = new Map(before.map(({ id, problem }) => [id, problem]));
  for (const { kind, id, name, problem } of now) {
    if (problems.get(id) !== problem)
      logger.warn(`a ${kind} can not be read and is out of service`, { [kind]: id, name, problem });
    problems.delete(id);
  }
  for (const { kind, id, name } of before)
    if (problems.has(id)) logger.info(`a ${kind} is in service again`, { [kind]: id, name });
}

function createView(configuration: Configuration): ConfigurationView {
  const { version, sources, destinations, mappings, unreadable } = configuration;
  const sourcesByName = new Map(sources.map((source) => [source.name, source]));
  const sourcesById = new Map(sources.map((source) => [source.id, source]));
  const destinationsById = new Map(destinations.map((destination) => [destination.id, destination]));
  const mappingsById = new Map(mappings.map((mapping) => [mapping.id, mapping]));
  const unreadableById = new Map(unreadable.map((record) => [record.id, record]));
  const unreadableSources = new Map(
    unreadable.filter(({ kind }) => kind === 'source').map((record) => [record.name, record]),
  );
  const routes = new Map<string, Route[]>();
  const broken = new Map<string, BrokenRoute[]>();
  for (const mapping of mappings) {
    const destination = destinationsById.get(mapping.destination);
    const lost = unreadableById.get(mapping.destination);
    if (destination) add(routes, mapping.source, { mapping, destination });
    else if (lost) add(broken, mapping.source, { mapping: mapping.id, destination: lost.id, unreadable: lost });
  }
  for (const record of unreadable)
    if (record.kind === 'mapping')
      add(broken, record.source, { mapping: record.id, destination: record.destination, unreadable: record });
  return {
    version,
    destinations,
    record: (kind, id) => configuration[kind].find((record) => record.id === id),
    notifications: configuration,
    unreadable,
    unreadableRecord: (id) => unreadableById.get(id),
    unreadableSource: (name) => unreadableSources.get(name),
    undeliverable: unreadable.filter(({ kind }) => kind === 'destination').map(({ id }) => id),
    sourceByName: (name) => sourcesByName.get(name),
    sourceById: (id) => sourcesById.get(id),
    routesOf: (source) => routes.get(source.id) ?? [],
    brokenRoutesOf: (source) => broken.get(source.id) ?? [],
    destination: (id) => destinationsById.get(id),
    mapping: (id) => mappingsById.get(id),
  };
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
