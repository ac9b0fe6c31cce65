import type { Request } from 'express';
import type { BodyOf, OperationId, ParamsOf, QueryOf } from '../../client/schemas.ts';
import type { Check } from '../http/validate.ts';
import type { PageRequest } from '../store/records.ts';

/** The parameters, query and body of an operation's request, typed by the contract. */
export interface Checked<Id extends OperationId> {
  params: ParamsOf<Id>;
  query: QueryOf<Id>;
  body: BodyOf<Id>;
}

/** Returns the validator of an operation (http/validate.ts), typed when the operation's id is a literal. */
export interface CheckOperation {
  <Id extends OperationId>(operationId: Id): (request: Pick<Request, 'params' | 'query' | 'body'>) => Checked<Id>;
  (operationId: string): Check;
}

/** The query parameters of a list: page and filters. */
export function splitQuery<Query extends PageRequest>({ limit, cursor, ...filter }: Query) {
  const page: PageRequest = { limit, ...(cursor !== undefined && { cursor }) };
  return { page, filter };
}
