import createFetchClient, {
  type Client,
  type ClientPathsWithMethod,
  type MaybeOptionalInit,
  type MethodResponse,
} from 'openapi-fetch';
import { parseJson, stringifyJson } from './json.ts';
import { type RepeatDeps, repeatRequests } from './repeat.ts';
import type { paths, Schemas } from './schemas.ts';
import type { Send } from './send.ts';
import { type OpenSession, withSession } from './session.ts';

type Contract = Client<paths, 'application/json'>;
type Method = 'get' | 'post' | 'patch' | 'delete';
export type PathOf<M extends Method> = ClientPathsWithMethod<Contract, M>;
/** What an operation answers when it does not refuse. */
export type DataOf<M extends Method, P extends PathOf<M>> = MethodResponse<Contract, M, P>;
type Init<M extends Method, P extends PathOf<M>> = MaybeOptionalInit<paths[P], M>;
/** Parameters and body may be left out where the contract does not require them. */
type Given<I> = undefined extends I ? [init?: I] : [init: I];
type Call<M extends Method> = <P extends PathOf<M>>(path: P, ...init: Given<Init<M, P>>) => Promise<DataOf<M, P>>;

export interface Page<T> {
  data: T[];
  /** Opaque; null on the last page. */
  next_cursor: string | null;
}
/** Paths that answer in pages. */
export type ListPath = { [P in PathOf<'get'>]: DataOf<'get', P> extends Page<unknown> ? P : never }[PathOf<'get'>];
export type ItemOf<P extends ListPath> = DataOf<'get', P> extends Page<infer T> ? T : never;
type QueryOf<P extends ListPath> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;
/** Parameters that are undefined are not sent. */
export type Query<P extends ListPath> = { [K in keyof QueryOf<P>]?: QueryOf<P>[K] | undefined };

/** An answer that is not what was asked for. */
export interface Refusal {
  status: number;
  /** Undefined: the answer is none of Pockethook's. */
  problem: Schemas['Problem'] | undefined;
}

/** The API, typed by its contract. Methods resolve with the body of the answer, and reject with what `toError` makes of others. */
export interface ApiClient {
  get: Call<'get'>;
  post: Call<'post'>;
  patch: Call<'patch'>;
  delete: Call<'delete'>;
  /** Up to `limit` records, page by page as they arrive; at least one page. */
  pages<P extends ListPath>(path: P, query: Query<P>, limit: number): AsyncGenerator<Page<ItemOf<P>>, void>;
  /** Up to `limit` records, from as many pages as it takes. */
  list<P extends ListPath>(path: P, query: Query<P>, limit: number): Promise<Page<ItemOf<P>>>;
}

export interface ApiClientDeps extends RepeatDeps {
  /** Where the API is, without a slash at the end. */
  url: string;
  send: Send;
  /** Absent: requests go as they are; a browser adds the cookie of its session. */
  openSession?: OpenSession;
  headers?: Record<string, string>;
  toError: (refusal: Refusal) => Error;
}

const PAGE_AT_MOST = 200;

/** For programs of any kind: nothing here knows Node or a browser. */
export function createApiClient({
  url,
  send,
  openSession,
  headers = {},
  toError,
  ...repeat
}: ApiClientDeps): ApiClient {
  const http = createFetchClient<paths, 'application/json'>({
    baseUrl: url,
    headers: { accept: 'application/json', ...headers },
    bodySerializer: (body) => stringifyJson(body),
    fetch: repeatRequests(openSession ? withSession(send, openSession) : send, repeat),
  });

  function call<M extends Method>(method: M): Call<M> {
    // The types of each call are checked where it is made; here it is any of them.
    const request = http.request as (method: Method, path: string, init: object) => Promise<Outcome>;
    return (async (path: string, init: object = {}) => {
      const { data, error, response } = await request(method, path, { ...init, parseAs: 'text' });
      if (!response.ok) throw toError({ status: response.status, problem: isProblem(error) ? error : undefined });
      if (response.status === 204) return undefined;
      try {
        return parseJson(data ?? '');
      } catch {
        throw toError({ status: response.status, problem: undefined });
      }
    }) as Call<M>;
  }

  const get = call('get');

  async function* pages<P extends ListPath>(path: P, query: Query<P>, limit: number) {
    const getPage = get as (path: P, init: object) => Promise<Page<ItemOf<P>>>;
    let left = limit;
    let cursor: string | null = null;
    do {
      const atMost = Math.min(PAGE_AT_MOST, left);
      const from = cursor === null ? {} : { cursor };
      const page: Page<ItemOf<P>> = await getPage(path, { params: { query: { ...query, ...from, limit: atMost } } });
      left -= page.data.length;
      cursor = page.next_cursor;
      yield page;
    } while (cursor !== null && left > 0);
  }

  return {
    get,
    post: call('post'),
    patch: call('patch'),
    delete: call('delete'),
    pages,
    list: async <P extends ListPath>(path: P, query: Query<P>, limit: number) => {
      const all: Page<ItemOf<P>> = { data: [], next_cursor: null };
      for await (const page of pages(path, query, limit)) {
        all.data.push(...page.data);
        all.next_cursor = page.next_cursor;
      }
      return all;
    },
  };
}

interface Outcome {
  data?: string;
  error?: unknown;
  response: Response;
}

function isProblem(body: unknown): body is Schemas['Problem'] {
  const { detail, code, correlation_id } = (body ?? {}) as Partial<Record<string, unknown>>;
  return [detail, code, correlation_id].every((member) => typeof member === 'string');
}
