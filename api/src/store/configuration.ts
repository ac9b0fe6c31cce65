import { kindsOf } from '../kinds/index.ts';
import {
  type Configuration,
  DEFAULT_TIMEOUT_MS,
  type Destination,
  type Mapping,
  type Source,
  type UnreadableRecord,
} from '../model/configuration.ts';
import { Problem } from '../model/problems.ts';
import { type Cache, type CacheDeps, createCache } from './configuration-cache.ts';

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
  readonly destinations: readonly Destination[];
  /** What is out of service until somebody corrects it. */
  readonly unreadable: readonly UnreadableRecord[];
  /** By the id of the record. */
  unreadableRecord(id: string): UnreadableRecord | undefined;
  unreadableSource(name: string): UnreadableRecord | undefined;
  /** Ids of the destinations that nothing can be sent to. */
  readonly undeliverable: readonly string[];
  /** What the slowest destination may take for an attempt. */
  readonly longestTimeoutMs: number;
}

export type ConfigurationCache = Cache<ConfigurationView>;

export type ConfigurationDeps = Pick<CacheDeps<GatewayKind, ConfigurationView>, 'load' | 'logger'>;

type GatewayKind = Exclude<keyof Configuration, 'version' | 'unreadable'>;

/** What decides where events go. */
export function createConfigurationCache(deps: ConfigurationDeps): ConfigurationCache {
  return createCache({ ...deps, kinds: kindsOf('gateway') as GatewayKind[], toView: createView });
}

const NAMED_AT_MOST = 10;

/** What is wrong with a part of the configuration in force, for `/readyz`: ids only, since anybody may ask. Undefined: nothing. */
export function describeConfiguration({
  current,
  failing,
}: Pick<Cache<Pick<ConfigurationView, 'version' | 'unreadable'>>, 'current' | 'failing'>): string | undefined {
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
    unreadable,
    unreadableRecord: (id) => unreadableById.get(id),
    unreadableSource: (name) => unreadableSources.get(name),
    undeliverable: unreadable.filter(({ kind }) => kind === 'destination').map(({ id }) => id),
    longestTimeoutMs: destinations.reduce((most, { timeout_ms }) => Math.max(most, timeout_ms), DEFAULT_TIMEOUT_MS),
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
