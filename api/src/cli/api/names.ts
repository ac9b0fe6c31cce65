import type { Schemas } from '../../../client/schemas.ts';
import { toHost } from '../../model/host.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { describeNoun, kindBehind, type Noun, singularOf } from '../nouns.ts';
import { visibleLine } from '../terminal/visible.ts';
import type { Client } from './client.ts';

export type { KindName as Kind } from '../../kinds/index.ts';
export { singularOf } from '../nouns.ts';

type Named = Schemas['NamedRecord'];

/** Translates between names, which people use, and ids, which the API uses. */
export interface Names {
  /** The name of a record, marked if it was deleted; its id if the name is unknown. Each is requested once. */
  of(kind: Noun, id: string): Promise<string>;
  /**
   * The id of an existing record, by name or id; or of a deleted one, by id, since its history may be kept.
   * @throws CommandError `notFound`, or `usage` when several records have that name
   */
  idOf(kind: Noun, nameOrId: string): Promise<string>;
}

export function createNames(client: Pick<Client, 'get' | 'list'>): Names {
  const lookUp = createLookUp(client);
  const find = async (kind: Noun, id: string) =>
    (await lookUp(id)).find((one) => one.kind === singularOf(kindBehind(kind)));

  /** Kinds whose names are unique within a parent only are named with it: `example.com/Signup`. */
  async function findWithin<R extends object>(kind: Noun, path: string, records: R[]): Promise<R[]> {
    const { within, references } = describeNoun(kind);
    const owners = within && references[within];
    const [, owner, name] = /^([^/]+)\/(.+)$/.exec(path) ?? [];
    if (!owners || owner === undefined) return [];
    const { data } = await client.list(`/api/v1/${owners}`, {}, Number.POSITIVE_INFINITY);
    const called = [
      ...data.filter((one) => one.name === owner || one.id === owner),
      ...calledAfter(owners, owner, data),
    ];
    const ids = called.map(({ id }) => id);
    return records.filter((record) => {
      const { name: own, [within]: owner } = record as Record<string, string>;
      return own === name && ids.includes(owner ?? '');
    });
  }

  return {
    of: async (kind, id) => {
      const found = await find(kind, id);
      if (!found) return id;
      return `${visibleLine(found.name)}${found.deleted_at === null ? '' : ' (deleted)'}`;
    },
    idOf: async (kind, nameOrId) => {
      const { data } = await client.list(`/api/v1/${kind}`, {}, Number.POSITIVE_INFINITY);
      const found = data.filter(({ id }) => id === nameOrId);
      if (found.length === 0) found.push(...data.filter(({ name }) => name === nameOrId));
      if (found.length === 0) found.push(...(await findWithin(kind, nameOrId, data)));
      if (found.length === 0) found.push(...calledAfter(kind, nameOrId, data));
      const [first, second] = found;
      if (first && !second) return first.id;
      const { within } = describeNoun(kind);
      const asked = `${singularOf(kind)} "${visibleLine(nameOrId)}"`;
      if (first)
        throw new CommandError(
          EXIT.usage,
          `There are several: ${asked}. Give one of the ids: ${found.map(({ id }) => id).join(', ')}${within ? `, or its ${within} as well: example.com/${visibleLine(nameOrId)}` : ''}.`,
        );
      if (ID.test(nameOrId) && (await find(kind, nameOrId))) return nameOrId;
      const names = data.map(({ name }) => visibleLine(name)).slice(0, 20);
      throw new CommandError(
        EXIT.notFound,
        `There is no ${asked}. ${names.length > 0 ? `There are: ${names.join(', ')}.` : `There are no ${kind} yet.`}`,
      );
    },
  };
}

/** A site whose name is another than its domain may be called by that. */
function calledAfter<R extends object>(kind: Noun, called: string, records: R[]): R[] {
  const { nameFrom } = describeNoun(kind);
  return nameFrom ? records.filter((record) => (record as Record<string, unknown>)[nameFrom] === toHost(called)) : [];
}

const ID = /^[a-z0-9]{15}$/;
const IDS_AT_MOST = 50;

/** Looks up names by id, with one request for all ids asked for in the same tick. */
function createLookUp(client: Pick<Client, 'get'>): (id: string) => Promise<Named[]> {
  const known = new Map<string, Promise<Named[]>>();
  let waiting: { ids: string[]; answer: Promise<Named[]> } | undefined;

  async function fetchNames(ids: string[]): Promise<Named[]> {
    if (waiting?.ids === ids) waiting = undefined;
    const { data } = await client.get('/api/v1/names', { params: { query: { ids: ids.join(',') } } });
    return data;
  }

  async function ask(id: string): Promise<Named[]> {
    if (!waiting || waiting.ids.length === IDS_AT_MOST) {
      const ids: string[] = [];
      waiting = { ids, answer: Promise.resolve().then(() => fetchNames(ids)) };
    }
    waiting.ids.push(id);
    return (await waiting.answer).filter((one) => one.id === id);
  }

  return (id) => {
    const found = known.get(id) ?? ask(id);
    known.set(id, found);
    found.catch(() => known.delete(id));
    return found;
  };
}
