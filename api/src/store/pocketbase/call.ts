import { setTimeout as sleep } from 'node:timers/promises';
import type PocketBase from 'pocketbase';
import { stringifyJson } from '../../expressions/index.ts';
import { storeUnavailable } from '../../model/problems.ts';
import type { Metrics } from '../../ops/metrics.ts';
import { isUnreachable } from './client.ts';

export interface CallDeps {
  pb: PocketBase;
  metrics: Pick<Metrics, 'storeRequests' | 'storeErrors'>;
  /** The newest configuration version that an answer told of. */
  onConfigVersion: (version: number) => void;
}

/** One try may take this long; all tries together stay below the 5 s in which a producer gets its 503. */
const TRY_MS = 2_000;
const TOTAL_MS = 4_000;
const PAUSE_MS = 100;

/**
 * Calls one of the service's own routes. A call without an answer is repeated with the same body until
 * its time is up: every route is idempotent by the ids inside.
 * @throws Problem `store_unavailable` when there was no answer in time
 */
export async function callRoute<T extends { config_version?: number }>(
  deps: CallDeps,
  route: string,
  body?: object,
): Promise<T> {
  const deadline = performance.now() + TOTAL_MS;
  for (;;) {
    deps.metrics.storeRequests.inc({ call: route });
    try {
      const answer = await deps.pb.send<T>(`/api/pockethook/${route}`, {
        method: body ? 'POST' : 'GET',
        ...(body && { body: stringifyJson(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(TRY_MS),
      });
      if (answer.config_version !== undefined) deps.onConfigVersion(answer.config_version);
      return answer;
    } catch (fault) {
      deps.metrics.storeErrors.inc({ call: route });
      if (!isUnreachable(fault)) throw fault;
      if (performance.now() + PAUSE_MS >= deadline) throw storeUnavailable(fault);
      await sleep(PAUSE_MS);
    }
  }
}
