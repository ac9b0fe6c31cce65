import type { RequestHandler } from 'express';
import { Problem } from '../model/problems.ts';
import type { Contract } from './openapi.ts';

/** After all routes: a path of the contract was asked with a wrong method (405 with Allow), or there is no such path. */
export function notFound(contract: Pick<Contract, 'match'>): RequestHandler {
  return (request, response) => {
    const operations = contract.match(request.path);
    if (!operations || operations.has(request.method)) {
      throw new Problem('not_found', 'There is no such path. GET /docs lists all of them.');
    }
    const allowed = [...operations.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    response.setHeader('Allow', allowed.join(', '));
    throw new Problem('method_not_allowed', `This path takes ${allowed.join(', ')}, not ${request.method}.`);
  };
}
