import type { Request } from 'express';
import type { BodyOf, OperationId, ParamsOf, QueryOf } from '../../client/schemas.ts';
import type { Check } from '../http/validate.ts';
import type { PageRequest } from '../store/records.ts';

/** What a request of an operation carries, by the types of the contract. */
export interface Checked<Id extends OperationId> {
  params: ParamsOf<Id>;
  query: QueryOf<Id>;
  body: BodyOf<Id>;
}

/** Gives the check of an operation (http/validate.ts), typed where the id is known to the compiler. */
export interface CheckOperation {
  <Id extends OperationId>(operationId: Id): (request: Pick<Request, 'params' | 'query' | 'body'>) => Checked<Id>;
  (operationId: string): Check;
}

/** The query of a list: which page, and which records. */
export function splitQuery<Query extends PageRequest>({ limit, cursor, ...filter }: Query) {
  const page: PageRequest = { limit, ...(cursor !== undefined && { cursor }) };
  return { page, filter };
}
