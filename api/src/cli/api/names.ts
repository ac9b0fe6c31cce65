import { KINDS, type KindName as Kind, kindOf } from '../../kinds/index.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import type { Client } from './client.ts';

export type { KindName as Kind } from '../../kinds/index.ts';

export const singularOf = (kind: Kind): string => KINDS[kind].singular;

/** People know records by name, the API by id. */
export interface Names {
  /** The name of a record, or its id if it was deleted. Asked for once each. */
  of(kind: Kind, id: string): Promise<string>;
  /** @throws CommandError `notFound`, or `usage` when several have that name */
  idOf(kind: Kind, nameOrId: string): Promise<string>;
}

export function createNames(client: Pick<Client, 'get' | 'list'>): Names {
  const known = new Map<string, Promise<string>>();

  async function fetchName(kind: Kind, id: string): Promise<string> {
    try {
      const { name } = await client.get(`/api/v1/${kind}/{id}`, { params: { path: { id } } });
      return visibleLine(name);
    } catch (fault) {
      if (fault instanceof CommandError && fault.exitCode === EXIT.notFound) return id;
      known.delete(kind + id);
      throw fault;
    }
  }

  /** By the names of both, `example.com/Signup`, where a name is unique within another record only. */
  async function findWithin<R extends object>(kind: Kind, path: string, records: R[]): Promise<R[]> {
    const { within, references } = kindOf(kind);
    const owners = within && references[within];
    const [, owner, name] = /^([^/]+)\/(.+)$/.exec(path) ?? [];
    if (!owners || owner === undefined) return [];
    const { data } = await client.list(`/api/v1/${owners}`, {}, Number.POSITIVE_INFINITY);
    const ids = data.filter((one) => one.name === owner || one.id === owner).map(({ id }) => id);
    return records.filter((record) => {
      const { name: own, [within]: owner } = record as Record<string, string>;
      return own === name && ids.includes(owner ?? '');
    });
  }

  return {
    of: (kind, id) => {
      const name = known.get(kind + id) ?? fetchName(kind, id);
      known.set(kind + id, name);
      return name;
    },
    idOf: async (kind, nameOrId) => {
      const { data } = await client.list(`/api/v1/${kind}`, {}, Number.POSITIVE_INFINITY);
      const found = data.filter(({ id }) => id === nameOrId);
      if (found.length === 0) found.push(...data.filter(({ name }) => name === nameOrId));
      if (found.length === 0) found.push(...(await findWithin(kind, nameOrId, data)));
      const [first, second] = found;
      if (first && !second) return first.id;
      const asked = `${singularOf(kind)} "${visibleLine(nameOrId)}"`;
      if (first)
        throw new CommandError(
          EXIT.usage,
          `There are several: ${asked}. Give one of the ids: ${found.map(({ id }) => id).join(', ')}.`,
        );
      const names = data.map(({ name }) => visibleLine(name)).slice(0, 20);
      throw new CommandError(
        EXIT.notFound,
        `There is no ${asked}. ${names.length > 0 ? `There are: ${names.join(', ')}.` : `There are no ${kind} yet.`}`,
      );
    },
  };
}
