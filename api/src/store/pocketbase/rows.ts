import type PocketBase from 'pocketbase';
import type { TimeFilter } from '../records.ts';
import { orProblem, withTimeout } from './faults.ts';
import { withModelTimes } from './times.ts';

/** PocketBase's filter, with `{:0}`, `{:1}` for the values; left out where the first is undefined. */
export type Condition = [filter: string, ...values: (string | number | Date | undefined)[]];

export interface Query {
  collection: string;
  /** Separated by commas; absent: all. */
  fields?: string;
  /**
   * PocketBase leaves out the other fields, which spares the way of large ones; else they are left out here. Not for rows with JSON:
   * what PocketBase picks from, it encodes anew, with the members of maps in random order and whole numbers beyond 2^53 rounded.
   */
  spare?: true;
  /** All must hold. */
  conditions: Condition[];
  /** As PocketBase has it: `-seq`. */
  sort?: string;
  limit: number;
}

/**
 * Rows of a collection, their times by RFC 3339. Values go into filters through the SDK's own quoting only.
 * @throws Problem `store_unavailable`
 */
export function findRows<T extends object>(
  pb: PocketBase,
  { collection, fields, spare, conditions, sort, limit }: Query,
): Promise<T[]> {
  return orProblem(collection, async () => {
    const { items } = await pb.collection(collection).getList(1, limit, {
      filter: conditions
        .filter(([, first]) => first !== undefined)
        .map(([filter, ...values]) => pb.filter(filter, { ...values }))
        .join(' && '),
      ...(spare && { fields }),
      ...(sort !== undefined && { sort }),
      skipTotal: true,
      ...withTimeout(),
    });
    return items.map((row) => withModelTimes<T>(pick(row, fields)));
  });
}

/** The named fields of a row, separated by commas, in that order; undefined: all. */
export function pick(row: object, fields: string | undefined): object {
  if (fields === undefined) return row;
  const named = fields.split(',').filter((name) => name in row);
  return Object.fromEntries(named.map((name) => [name, (row as Record<string, unknown>)[name]]));
}

/** Rows whose time lies between. The SDK writes a Date in PocketBase's form. */
export function during(by: string, { from, to }: TimeFilter): Condition[] {
  const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time));
  return [
    [`${by} >= {:0}`, dateOf(from)],
    [`${by} < {:0}`, dateOf(to)],
  ];
}
