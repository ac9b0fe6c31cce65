import type { components, operations, paths } from '../contract/generated/types.ts';

export type { paths };

/** What the API takes and answers, by the names of the contract: `Schemas['Event']`. */
export type Schemas = components['schemas'];

export type OperationId = keyof operations;

/** The JSON body that an operation takes, `BodyOf<'createReplay'>`; undefined where it may be left out. */
export type BodyOf<Id extends OperationId> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : operations[Id] extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Body | undefined
    : undefined;

/** The query of an operation that lists has a `limit`: once it was checked, the default is there. */
export type QueryOf<Id extends OperationId> = operations[Id]['parameters'] extends { query?: infer Query }
  ? 'limit' extends keyof Query
    ? WithDefaults<Query, 'limit'>
    : Query
  : never;

export type ParamsOf<Id extends OperationId> = operations[Id]['parameters'] extends { path: infer Params }
  ? Params
  : Record<string, never>;

/** What was checked against the contract: what was left out has its default. */
export type WithDefaults<T, Name extends keyof T> = Omit<T, Name> & { [N in Name]-?: Exclude<T[N], undefined> };
