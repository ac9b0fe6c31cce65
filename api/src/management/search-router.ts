import { Router } from 'express';
import type { Search } from '../store/search.ts';
import { scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

export interface SearchRouterDeps {
  check: CheckOperation;
  search: Search;
}

/** What somebody may mean by a few characters; mounted at `/search`. */
export function searchRouter({ check, search }: SearchRouterDeps): Router {
  const asked = check('search');
  return Router().get('/', async (request, response) => {
    sendJson(response, { data: await search(asked(request).query.q, scopeOf(response)) });
  });
}
