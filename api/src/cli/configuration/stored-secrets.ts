import { isDeepStrictEqual } from 'node:util';
import type { PathOf } from '../../../client/client.ts';
import type { Client } from '../api/client.ts';
import { type Installed, type IsStored, secretFieldsOf } from './changes.ts';
import type { Declaration } from './configuration-file.ts';
import { holdsMask } from './references.ts';

type ComparePath = Extract<PathOf<'post'>, `${string}/compare`>;

/** Lets the API compare secrets, since masks tell too little. A value that equals the current mask keeps the stored secret. */
export async function compareSecrets(
  declarations: Declaration[],
  installed: Installed,
  client: Pick<Client, 'post'>,
): Promise<IsStored> {
  const same = new Set<string>();
  for (const declaration of declarations) {
    const { kind, name, fields } = declaration;
    const record = installed[kind].find((shown) => shown.name === name);
    const given = secretFieldsOf(kind).filter((field) => record && field in fields);
    const kept = given.filter((field) => isDeepStrictEqual(fields[field], record?.[field]));
    const comparable = (field: string) => withoutKept(fields[field], record?.[field]);
    const asked = given.filter((field) => !kept.includes(field) && !holdsMask(comparable(field)));
    const differing = asked.length === 0 ? [] : await compare(asked);
    for (const field of [...kept, ...asked]) if (!differing.includes(field)) same.add(keyOf(declaration, field));

    async function compare(names: string[]): Promise<string[]> {
      if (!record) return [];
      const body = Object.fromEntries(names.map((field) => [field, comparable(field)]));
      // Every kind with secrets has this route.
      const path = `/api/v1/${kind}/{id}/compare` as ComparePath;
      return (await client.post(path, { params: { path: { id: record.id } }, body })).differing;
    }
  }
  return (declaration, field) => same.has(keyOf(declaration, field));
}

/** Replaces items that equal the current mask by null: the API keeps those and doesn't compare them. */
function withoutKept(wanted: unknown, shown: unknown): unknown {
  if (typeof wanted !== 'object' || wanted === null || typeof shown !== 'object' || shown === null) return wanted;
  const before = shown as Record<string, unknown>;
  const entries = Object.entries(wanted).map(([name, item]) => [name, item === before[name] ? null : item] as const);
  return Array.isArray(wanted) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const keyOf = ({ kind, name }: Pick<Declaration, 'kind' | 'name'>, field: string): string => `${kind}/${field}/${name}`;
