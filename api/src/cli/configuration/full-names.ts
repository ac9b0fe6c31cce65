import { KIND_NAMES, kindOf } from '../../kinds/index.ts';
import { toHost } from '../../model/host.ts';
import type { Kind } from '../api/names.ts';
import { type End, type Installed, mapEnds } from './changes.ts';
import type { Declaration } from './configuration-file.ts';

/**
 * The name that tells a record from all others of its kind and account: two sites may have a goal of one name, so it is
 * `example.com/Signup`. Plans, files and messages use it; the API gets the own name.
 */
export function fullName(parent: string, name: string): string {
  return `${parent}/${name}`;
}

/** `example.com/Signup` → `Signup`: names of sites hold no slash. */
export function ownName(kind: Kind, name: string): string {
  return kindOf(kind).within === undefined ? name : name.slice(name.indexOf('/') + 1);
}

/**
 * The declarations under their full names, and with those where they refer to others. What the key of a record says already
 * (`example.com/Signup`, or the domain of a site) needs no field.
 */
export function withFullNames(declarations: Declaration[], installed: Installed): Declaration[] {
  const names = knownNames(declarations, installed);
  const placed = declarations.map((declaration) => place(declaration, names));
  for (const { kind, name } of placed) names.add(kind, name);
  return placed.map(({ kind, name, key, fields }) => {
    const parent = String(fields[kindOf(kind).within ?? '']);
    return { kind, name, key, fields: mapEnds(kind, fields, (end) => fullReference(end, parent, names)) };
  });
}

/** Of a goal its own name will do where the record that refers to it is of the same site. */
function fullReference({ kind, name }: Pick<End, 'kind' | 'name'>, parent: string, names: KnownNames): string {
  const parents = parentsOf(kind);
  if (parents === undefined) return names.of(kind, name);
  if (names.has(kind, fullName(parent, name))) return fullName(parent, name);
  const [first, rest] = splitName(name);
  return first === undefined ? name : fullName(names.of(parents, first), rest);
}

/** Fills in what the key says: the parent, or the field that the name is of. */
function place({ kind, key, fields }: Declaration, names: KnownNames): Declaration {
  const { within = '', nameFrom } = kindOf(kind);
  const parents = parentsOf(kind);
  if (nameFrom !== undefined)
    return { kind, key, name: key, fields: { ...fields, [nameFrom]: asStored(key, fields[nameFrom]) } };
  const given = fields[within];
  const [first, rest] = splitName(key);
  if (parents === undefined || (typeof given !== 'string' && first === undefined))
    return { kind, key, name: key, fields };
  const parent = names.of(parents, String(given ?? first));
  const isInKey = first !== undefined && names.of(parents, first) === parent;
  return { kind, key, name: fullName(parent, isInKey ? rest : key), fields: { ...fields, [within]: parent } };
}

function parentsOf(kind: Kind): Kind | undefined {
  const { within, references } = kindOf(kind);
  return within === undefined ? undefined : references[within];
}

/** `example.com/Signup` → its parent and its own name. */
function splitName(name: string): [parent: string, own: string] | [parent: undefined, own: string] {
  const [, parent, own] = /^([^/]+)\/(.+)$/s.exec(name) ?? [];
  return parent === undefined || own === undefined ? [undefined, name] : [parent, own];
}

/** As it is stored: a domain in another form is the same site. */
function asStored(key: string, given: unknown): unknown {
  if (given === undefined) return toHost(key);
  return typeof given === 'string' ? toHost(given.trim()) : given;
}

interface KnownNames {
  has(kind: Kind, name: string): boolean;
  /** The name of a record that is called by it, or by what it is named after: a site's domain. */
  of(kind: Kind, called: string): string;
  add(kind: Kind, name: string): void;
}

function knownNames(declarations: Declaration[], installed: Installed): KnownNames {
  const names = new Set<string>();
  const aliases = new Map<string, string>();
  const add = (kind: Kind, name: string) => names.add(`${kind} ${name}`);
  for (const kind of KIND_NAMES) {
    const { nameFrom } = kindOf(kind);
    const declared = declarations
      .filter((one) => one.kind === kind)
      .map(({ key, fields }) => ({ ...fields, name: key }));
    for (const record of [...installed[kind], ...declared] as (Record<string, unknown> & { name: string })[]) {
      add(kind, record.name);
      if (nameFrom) aliases.set(`${kind} ${asStored(record.name, record[nameFrom])}`, record.name);
    }
  }
  const has = (kind: Kind, name: string) => names.has(`${kind} ${name}`);
  return {
    has,
    add,
    of: (kind, called) => (has(kind, called) ? called : (aliases.get(`${kind} ${toHost(called)}`) ?? called)),
  };
}
