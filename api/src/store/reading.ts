import { isDeepStrictEqual } from 'node:util';
import { KINDS, type KindName, type RecordTypes } from '../kinds/index.ts';
import type { UnreadableRecord } from '../model/configuration.ts';

/** The records of some kinds that are read together, by id. */
export type Part<K extends KindName> = { version: number; unreadable: UnreadableRecord[] } & {
  [Kind in K]: RecordTypes[Kind][];
};

/** What one reading brought: every record, or those that changed since a version. */
export type Reading<K extends KindName> = Part<K> & {
  /** The version that it goes on from; undefined: it holds every record. */
  since?: number | undefined;
  /** Ids of what is gone since then. */
  deleted?: { [Kind in K]?: string[] };
};

/** Records of any kind, for what treats them alike. */
interface Row {
  id: string;
}
const rowsOf = <K extends KindName>(part: Part<K>, kind: K): Row[] => part[kind] as Row[];

/** The part after a reading. What did not change keeps its identity, and with it what was compiled for it. */
export function afterReading<K extends KindName>(kinds: readonly K[], before: Part<K>, reading: Reading<K>): Part<K> {
  const { since, version } = reading;
  if (since === undefined) {
    const rows = kinds.map((kind) => [kind, identified(rowsOf(before, kind), rowsOf(reading, kind))]);
    return { version, unreadable: reading.unreadable, ...Object.fromEntries(rows) };
  }
  if (version === before.version) return before;
  const touched = new Map(kinds.map((kind) => [KINDS[kind].singular, idsIn(kind, reading)]));
  const isLeft = ({ kind, id }: UnreadableRecord) => !touched.get(kind)?.has(id);
  const rows = kinds.map((kind) => [kind, rowsAfter(kind, before, reading)]);
  const unreadable = [...before.unreadable.filter(isLeft), ...reading.unreadable];
  return { version, unreadable, ...Object.fromEntries(rows) };
}

function rowsAfter<K extends KindName>(kind: K, before: Part<K>, reading: Reading<K>): Row[] {
  const touched = idsIn(kind, reading);
  const known = rowsOf(before, kind);
  if (touched.size === 0) return known;
  const others = known.filter(({ id }) => !touched.has(id));
  return [...others, ...identified(known, rowsOf(reading, kind))].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The records of a kind that a reading speaks of. */
function idsIn<K extends KindName>(kind: K, reading: Reading<K>): Set<string> {
  const unreadable = reading.unreadable.filter((record) => record.kind === KINDS[kind].singular);
  const ids = [...rowsOf(reading, kind), ...unreadable].map(({ id }) => id);
  return new Set([...ids, ...(reading.deleted?.[kind] ?? [])]);
}

/** Those that were read before and have not changed are the same objects. */
function identified(before: Row[], now: Row[]): Row[] {
  const ids = new Set(now.map(({ id }) => id));
  const known = new Map(before.filter(({ id }) => ids.has(id)).map((row) => [row.id, row]));
  return now.map((row) => {
    const same = known.get(row.id);
    return same && isDeepStrictEqual(same, row) ? same : row;
  });
}
