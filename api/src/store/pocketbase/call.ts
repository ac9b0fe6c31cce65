import { setTimeout as sleep } from 'node:timers/promises';
import type PocketBase from 'pocketbase';
import { stringifyJson } from '../../expressions/index.ts';
import type { ViewName } from '../../kinds/index.ts';
import { isAway } from '../../model/problems.ts';
import type { Metrics } from '../../ops/metrics.ts';
import type { Write } from '../write.ts';
import { isServiceRefused, toServiceOutage } from './client.ts';
import { isKeyReused, keyReused } from './faults.ts';

export interface CallDeps {
  pb: PocketBase;
  metrics: Pick<Metrics, 'storeRequests' | 'storeErrors'>;
  /** Called with the versions of the configuration's parts in each answer. */
  onConfigVersion: (version: number, view: ViewName) => void;
}

interface Answer {
  config_version?: number;
  notifications_version?: number;
}

/** One try may take this long; all tries together stay below the 5 s in which a producer gets its 503. */
export const TRY_MS = 2_000;
const TOTAL_MS = 4_000;
const PAUSE_MS = 100;

/**
 * Calls one of the service's own routes that is idempotent by the ids inside: a call without an answer is repeated
 * with the same body until its time is up.
 * @param tryMs how long one try may take, for what nobody waits for
 * @param signal ends the call and its repetition
 * @throws Problem `store_unavailable` when there was no answer in time, `too_many_requests`; the SDK's ClientResponseError when it was refused
 */
export async function callRoute<T extends Answer>(
  deps: CallDeps,
  route: string,
  body?: object,
  tryMs = TRY_MS,
  signal?: AbortSignal,
): Promise<T> {
  return untilAnswered(() => callOnce<T>(deps, route, tryMs, body, signal), signal);
}

/**
 * Asks for a change that is the same change however often it is sent (pocketbase/internal/audit/once.go).
 * @throws as `callRoute`; Problem `idempotency_key_reused`
 */
export async function callWrite<T extends Answer>(deps: CallDeps, route: string, write: Write & object): Promise<T> {
  const { onRepeated, ...body } = write;
  return untilAnswered(async (first) => {
    const answer = await callOnce<T & { repeated?: true }>(deps, route, TRY_MS, body).catch((fault) => {
      throw isKeyReused(fault) ? keyReused() : fault;
    });
    if (answer.repeated && first) onRepeated?.();
    return answer;
  });
}

/** Tries again while there is no answer and time is left, until the signal; `first` is whether nothing was tried before. */
export async function untilAnswered<T>(attempt: (first: boolean) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + TOTAL_MS;
  for (let first = true; ; first = false) {
    try {
      return await attempt(first);
    } catch (fault) {
      const canRepeat = isAway(fault) && !isServiceRefused((fault as Error).cause);
      if (!canRepeat || performance.now() + PAUSE_MS >= deadline) throw fault;
      await sleep(PAUSE_MS, undefined, { ...(signal && { signal }) });
    }
  }
}

/**
 * Calls a route whose repetition would do more: what a claim leased is with nobody if its answer is lost.
 * The service drops such a call when it sees that the caller is gone.
 */
export async function callOnce<T extends Answer>(
  deps: CallDeps,
  route: string,
  timeoutMs: number,
  body?: object,
  signal?: AbortSignal,
): Promise<T> {
  // Not AbortSignal.timeout, which goes off long after the answer, with an exception that nobody wants.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const [call = route] = route.split('?');
  deps.metrics.storeRequests.inc({ call });
  try {
    const answer = await deps.pb.send<T>(`/api/pockethook/${route}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { body: stringifyJson(body), headers: { 'content-type': 'application/json' } }),
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    });
    const { config_version, notifications_version } = answer;
    if (config_version !== undefined) deps.onConfigVersion(config_version, 'gateway');
    if (notifications_version !== undefined) deps.onConfigVersion(notifications_version, 'notifications');
    return answer;
  } catch (fault) {
    deps.metrics.storeErrors.inc({ call });
    throw toServiceOutage(fault) ?? fault;
  } finally {
    clearTimeout(timer);
  }
}
