import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../api/names.ts';
import { type Declaration, KINDS } from './configuration-file.ts';

/** A record as the API shows it. */
export type Shown = { id: string; account: string; name: string } & Record<string, unknown>;
export type Installed = Record<Kind, Shown[]>;

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** One call to the API, and what it changes. */
export type Change =
  | { action: 'create'; kind: Kind; name: string; fields: FieldChange[] }
  | { action: 'update'; kind: Kind; name: string; id: string; fields: FieldChange[] }
  | { action: 'delete'; kind: Kind; name: string; id: string; fields: [] };

export interface Plan {
  /** In an order in which they can be made. */
  changes: Change[];
  /** Records of the kinds in the file that the file doesn't name. */
  undeclared: Change[];
}

/** The fields of a kind that can be left out, with what a record has that was made without them. */
export type Defaults = Record<Kind, Record<string, unknown>>;

/** Whether a field that holds secrets is stored as it is declared; false for others. */
export type IsStored = (declaration: Declaration, field: string) => boolean;

/** Values that are never shown, and that the API shows masked. */
export const SECRET_FIELDS: readonly string[] = ['secrets', 'headers', 'url'];

/** What the file says nothing about stays as it is: a made secret, and what was disabled meanwhile. */
const STAYS: readonly string[] = ['enabled', 'secrets'];

/** What a destination's URL takes with it to another server only if it is in the same edit. */
const GO_WITH_URL: readonly string[] = ['headers', 'secrets'];

/** What has to change for the installation to be as declared. Mappings' ends are names on both sides. */
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
  // The mappings of what is deleted go with it; the plan says so.
  const goes = (kind: Kind, name: unknown) => installed[kind].some((end) => end.name === name && undeclared.has(end));
  for (const mapping of installed.mappings)
    if (goes('sources', mapping.source) || goes('destinations', mapping.destination)) undeclared.add(mapping);
  const deletions = [...KINDS]
    .reverse()
    .flatMap((kind) =>
      installed[kind]
        .filter((record) => undeclared.has(record))
        .map(({ id, name }): Change => ({ action: 'delete', kind, name, id, fields: [] })),
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
  const moves = kind === 'destinations' && differs('url');
  const changed = Object.entries(wanted)
    .filter(([field]) => differs(field) || (moves && GO_WITH_URL.includes(field) && field in fields))
    .map(([field, after]) => ({ field, before: record[field], after }));
  return changed.length === 0 ? [] : [{ action: 'update', kind, name, id: record.id, fields: changed }];
}

function withoutStaying(defaults: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(defaults).filter(([field]) => !STAYS.includes(field)));
}
