import got, { type Agents, CancelError, type Response } from 'got';
import { BlockedAddress, type Guard, NoPublicAddress } from '../../../delivery/guard.ts';
import { createGuardedAgents } from './agents.ts';

/** One site at one installation of Plausible. */
export interface PlausibleSite {
  /** Without a path behind it: `https://plausible.io`. */
  url: string;
  key: string;
  /** The site's id there: its domain. */
  domain: string;
}

export const STATISTICS_PROBLEMS = [
  'key_refused',
  'plan',
  'not_found',
  'query_refused',
  'rate_limited',
  'failing',
  'unreachable',
  'unexpected_answer',
] as const;

/** Why there is no count. `message` is for people, and says what to do where they can do something. */
export interface StatisticsProblem {
  code: (typeof STATISTICS_PROBLEMS)[number];
  message: string;
  /** How long it wants to be left alone. */
  retryAfterMs?: number;
}

export type Asked<T> = { ok: true; value: T } | { ok: false; problem: StatisticsProblem };

/** A question: a GET, or a POST of a query; `read` returns undefined for an answer that it can't read. */
export interface Request<T> {
  path: string;
  query?: object;
  read: (answer: unknown) => T | undefined;
  timeoutMs?: number;
}

/** Never rejects. */
export type Ask = <T>(site: PlausibleSite, request: Request<T>) => Promise<Asked<T>>;

export interface AskDeps {
  guard: Guard;
  userAgent: string;
  /** Ends requests that are under way. */
  signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1024 * 1024;
const QUOTED = 200;

/** Asks Plausible's Stats API (https://plausible.io/docs/stats-api), at addresses that destinations may have. */
export function createAsk({ guard, userAgent, signal }: AskDeps): { ask: Ask; close(): void } {
  const agents = createGuardedAgents(guard);
  const client = got.extend({
    agent: agents as Agents,
    signal,
    headers: { 'user-agent': userAgent, accept: 'application/json' },
    followRedirect: false,
    throwHttpErrors: false,
    // It is asked again soon, and within its limit.
    retry: { limit: 0 },
    // What was compressed may be any size.
    decompress: false,
  });

  return {
    async ask(site, { path, query, read, timeoutMs = TIMEOUT_MS }) {
      const [refusal] = guard.checkUrl(site.url);
      if (refusal) return failed('unreachable', `${site.url} is not asked. ${refusal.message}`);
      try {
        const request = client(`${site.url.replace(/\/+$/, '')}${path}`, {
          ...(query && { method: 'POST', json: query }),
          headers: { authorization: `Bearer ${site.key}` },
          timeout: { request: timeoutMs },
        });
        request.on('downloadProgress', ({ transferred }) => transferred > MOST_BYTES && request.cancel());
        const answer = await request;
        return answer.statusCode === 200 ? readAnswer(answer, read) : { ok: false, problem: refusedBy(answer, site) };
      } catch (fault) {
        return toFailure(fault, timeoutMs);
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function readAnswer<T>({ body }: Response<string>, read: (answer: unknown) => T | undefined): Asked<T> {
  const value = read(parse(body));
  return value === undefined
    ? failed('unexpected_answer', 'What answers is not the Stats API of Plausible: check statistics_url.')
    : { ok: true, value };
}

function refusedBy({ statusCode, headers, body }: Response<string>, { key, domain }: PlausibleSite): StatisticsProblem {
  const problem = (code: StatisticsProblem['code'], message: string) => ({
    code,
    message: `${message} (${statusCode}).`,
  });
  switch (statusCode) {
    case 400:
      return problem('query_refused', `Plausible refuses the question: ${quote(body, key)}`);
    case 401:
    case 403:
      return problem(
        'key_refused',
        `Plausible refuses the key, or has no site ${domain} that the key may read: give the site a Stats API key of its owner`,
      );
    case 402:
      return problem('plan', 'The plan of the site at Plausible does not include the Stats API, or the site is locked');
    case 404:
      return problem('not_found', `There is no Stats API at statistics_url, or it does not know ${domain}`);
    case 429: {
      const retryAfterMs = retryAfter(headers['retry-after']);
      return {
        ...problem('rate_limited', 'The key has had its requests of this hour: other programs use it, too'),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      };
    }
    default:
      return statusCode >= 500
        ? problem('failing', 'Plausible fails')
        : problem('unexpected_answer', 'What answers is not the Stats API of Plausible: check statistics_url');
  }
}

function toFailure(fault: unknown, timeoutMs: number): Asked<never> {
  if (fault instanceof CancelError)
    return failed('unexpected_answer', `The answer is longer than ${MOST_BYTES / 1024} KiB, and was not read.`);
  const { code = '', cause } = fault as NodeJS.ErrnoException;
  if (code === 'ETIMEDOUT') return failed('unreachable', `Plausible did not answer within ${timeoutMs / 1_000} s.`);
  const [blocked] = [fault, cause].filter((one) => one instanceof BlockedAddress || one instanceof NoPublicAddress);
  // The address stays unsaid, as for destinations: who may name URLs must not learn what names resolve to.
  if (blocked) return failed('unreachable', `statistics_url can not be reached: ${(blocked as Error).message}.`);
  return failed('unreachable', `Plausible can not be reached${code && ` (${code})`}.`);
}

function failed(code: StatisticsProblem['code'], message: string): { ok: false; problem: StatisticsProblem } {
  return { ok: false, problem: { code, message } };
}

/** Its own words about what was wrong with a question; a server that repeats the key must not show it. */
function quote(body: string, key: string): string {
  const { error } = (parse(body) ?? {}) as { error?: unknown };
  if (typeof error !== 'string' || error === '') return 'it does not say why';
  const line = error
    .replaceAll(key, '••••')
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
}

function retryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
