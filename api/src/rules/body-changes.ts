import { abbreviate, parseJson } from '../expressions/index.ts';

/** One place where two bodies differ. */
export interface BodyChange {
  /** Such as `embeds[0].title`; empty for the whole body. */
  path: string;
  /** JSON of at most 100 characters; null if the place is missing. Long texts are cut around the first difference. */
  before: string | null;
  after: string | null;
}

const MAX_CHANGES = 20;
/** Characters of a long text shown before the first difference. */
const LEAD = 20;
const LONG_TEXT = 60;

/** The first 20 places where two bodies differ: member by member if both are JSON, else as texts. */
export function bodyChanges(before: string, after: string): BodyChange[] {
  const [from, to] = [parseJson(before), parseJson(after)];
  const all = from.ok && to.ok ? changesOf('', from.value, to.value) : changesOf('', before, after);
  const changes: BodyChange[] = [];
  for (const change of all) {
    if (changes.length === MAX_CHANGES) break;
    changes.push(change);
  }
  return changes;
}

function* changesOf(path: string, before: unknown, after: unknown): Iterable<BodyChange> {
  const [from, to] = [membersOf(before), membersOf(after)];
  if (!from || !to || Array.isArray(before) !== Array.isArray(after)) {
    if (before !== after) yield { path, ...shown(before, after) };
    return;
  }
  const list = Array.isArray(before);
  for (const key of new Set([...from.keys(), ...to.keys()]))
    yield* changesOf(join(path, key, list), from.get(key), to.get(key));
}

function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return value instanceof Map ? value : new Map(Object.entries(value));
}

function join(path: string, key: string, list: boolean): string {
  if (list) return `${path}[${key}]`;
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${abbreviate(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function shown(before: unknown, after: unknown): { before: string | null; after: string | null } {
  const skipped = typeof before === 'string' && typeof after === 'string' ? sameLead(before, after) : 0;
  const show = (value: unknown) =>
    value === undefined ? null : abbreviate(skipped > 0 ? `…${(value as string).slice(skipped)}` : value);
  return { before: show(before), after: show(after) };
}

/** The number of equal characters at the start of two texts that can be left out. */
function sameLead(before: string, after: string): number {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return same > LONG_TEXT ? same - LEAD : 0;
}
