import { isDeepStrictEqual } from 'node:util';
import { KIND_NAMES, kindOf } from '../../kinds/index.ts';
import type { Kind } from '../api/names.ts';
import type { Declaration } from './configuration-file.ts';

/** A record as the API returns it. */
export type Shown = { id: string; account: string; name: string; updated: string } & Record<string, unknown>;
export type Installed = Record<Kind, Shown[]>;

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** One request to the API, and the record that it changes. */
export type Change =
  | { action: 'create'; kind: Kind; name: string; fields: FieldChange[] }
  | { action: 'update'; kind: Kind; name: string; was: Version; fields: FieldChange[] }
  | { action: 'delete'; kind: Kind; name: string; was: Version; fields: [] };

/** The record that a change is of, as it was read. */
export type Version = Pick<Shown, 'id' | 'updated'>;

export interface Plan {
  /** Ordered so that each can be made: references before the records that use them. */
  changes: Change[];
  /** Existing records, of the kinds in the file, that the file doesn't declare. */
  undeclared: Change[];
}

/** The optional fields of a kind, with their defaults. */
export type Defaults = Record<Kind, Record<string, unknown>>;

/** Whether a secret field is stored as declared; false for other fields. */
export type IsStored = (declaration: Declaration, field: string) => boolean;

/** Fields that keep their value if the file doesn't declare them: generated secrets, and `enabled`. */
const STAYS: readonly string[] = ['enabled', 'secrets'];

/** Secret fields: the API returns them masked, and their values are never printed. */
export const secretFieldsOf = (kind: Kind): string[] => Object.keys(kindOf(kind).secrets);

/** A record that another one refers to, in a field or in a list. */
export interface End {
  path: [field: string, index?: number];
  kind: Kind;
  name: string;
}

export function endsOf(kind: Kind, fields: Record<string, unknown>): End[] {
  const ends: End[] = [];
  mapEnds(kind, fields, (end) => ends.push(end));
  return ends;
}

/** A copy of the fields in which `replace` has replaced the names of other records. */
export function mapEnds<T extends Record<string, unknown>>(kind: Kind, fields: T, replace: (end: End) => unknown): T {
  const mapped: Record<string, unknown> = { ...fields };
  for (const [field, end] of Object.entries(kindOf(kind).references)) {
    const at = (path: End['path'], name: unknown) =>
      typeof name === 'string' && name !== '' ? replace({ path, kind: end, name }) : name;
    const value = fields[field];
    if (Array.isArray(value)) mapped[field] = value.map((name, index) => at([field, index], name));
    else if (field in fields) mapped[field] = at([field], value);
  }
  return mapped as T;
}

/** Compares declared and existing records. On both sides references are names instead of ids. */
export function planChanges(
  declarations: Declaration[],
  kinds: Kind[],
  installed: Installed,
  defaults: Defaults,
  isStored: IsStored,
): Plan {
  const changes = declarations.flatMap((declaration) => changeOf(declaration, installed, defaults, isStored));
  const isDeclared = (kind: Kind, name: string) =>
    declarations.some((declaration) => declaration.kind === kind && declaration.name === name);
  const undeclared = new Set(kinds.flatMap((kind) => installed[kind].filter(({ name }) => !isDeclared(kind, name))));
  // What refers to a record that is deleted goes with it, a list goes on without it; the plan says so.
  const goes = (kind: Kind, name: string) => installed[kind].some((end) => end.name === name && undeclared.has(end));
  for (const kind of KIND_NAMES)
    for (const record of installed[kind])
      if (endsOf(kind, record).some((end) => end.path.length === 1 && goes(end.kind, end.name))) undeclared.add(record);
  const deletions = [...KIND_NAMES]
    .reverse()
    .flatMap((kind) =>
      installed[kind]
        .filter((record) => undeclared.has(record))
        .map((was): Change => ({ action: 'delete', kind, name: was.name, was, fields: [] })),
    );
  return { changes, undeclared: deletions };
}

function changeOf(declaration: Declaration, installed: Installed, defaults: Defaults, isStored: IsStored): Change[] {
  const { kind, name, fields } = declaration;
  const record = installed[kind].find((shown) => shown.name === name);
  if (!record) {
    const given = Object.entries(fields).map(([field, after]) => ({ field, before: undefined, after }));
    return [{ action: 'create', kind, name, fields: given }];
  }
  const wanted = { ...withoutStaying(defaults[kind]), ...fields };
  const differs = (field: string) => !isDeepStrictEqual(wanted[field], record[field]) && !isStored(declaration, field);
  const { secretsGoTo } = kindOf(kind);
  const moves = secretsGoTo !== undefined && differs(secretsGoTo);
  const changed = Object.entries(wanted)
    .filter(([field]) => differs(field) || (moves && secretFieldsOf(kind).includes(field) && field in fields))
    .map(([field, after]) => ({ field, before: record[field], after }));
  return changed.length === 0 ? [] : [{ action: 'update', kind, name, was: record, fields: changed }];
}

function withoutStaying(defaults: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(defaults).filter(([field]) => !STAYS.includes(field)));
}
