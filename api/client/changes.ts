import type { Send } from './send.ts';

export interface RepeatDeps {
  /** A name that no other change has. */
  randomId: () => string;
  sleep: (milliseconds: number) => Promise<void>;
  /** Whether a request may have arrived although there was no answer. */
  mayHaveArrived: (fault: unknown) => boolean;
}

const REPEATS = 3;
const WAIT_MS = 1_000;
const WAIT_AT_MOST_MS = 10_000;

/**
 * Gives each change an Idempotency-Key of its own. When its outcome is unknown (503, or a connection that broke) it is
 * sent again, up to three times, and happens once.
 */
export function repeatChanges(send: Send, { randomId, sleep, mayHaveArrived }: RepeatDeps): Send {
  return async (request) => {
    if (request.method === 'GET') return send(request);
    request.headers.set('idempotency-key', randomId());
    for (let left = REPEATS; ; left--) {
      const outcome = await send(request.clone()).catch((fault: unknown) => ({ fault }));
      const wait = 'fault' in outcome ? faultWait(outcome.fault) : answerWait(outcome);
      if (wait !== undefined && left > 0) await sleep(wait);
      else if ('fault' in outcome) throw outcome.fault;
      else return outcome;
    }
  };

  function faultWait(fault: unknown): number | undefined {
    return mayHaveArrived(fault) ? WAIT_MS : undefined;
  }
}

function answerWait({ status, headers }: Response): number | undefined {
  if (status !== 503) return undefined;
  const asked = Number(headers.get('retry-after')) * 1_000;
  return asked > 0 ? Math.min(asked, WAIT_AT_MOST_MS) : WAIT_MS;
}
