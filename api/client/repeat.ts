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
/** Before the first repetition of a read; twice as long before each of the others. */
const READ_WAIT_MS = 500;
/** Of a proxy in front of the API too. */
const AWAY = [502, 503, 504];

/**
 * Sends again, up to three times, what had no answer that counts: the connection broke, or something was away. A change
 * gets an Idempotency-Key of its own, waits as long as Retry-After says, and happens once; a read waits a little longer each time.
 */
export function repeatRequests(send: Send, { randomId, sleep, mayHaveArrived }: RepeatDeps): Send {
  return async (request) => {
    const isRead = request.method === 'GET';
    if (!isRead) request.headers.set('idempotency-key', randomId());
    for (let repeats = 0; ; repeats++) {
      const outcome = await send(request.clone()).catch((fault: unknown) => ({ fault }));
      const wait = isRead ? readWait(outcome, repeats) : changeWait(outcome);
      if (wait !== undefined && repeats < REPEATS) await sleep(wait);
      else if ('fault' in outcome) throw outcome.fault;
      else return outcome;
    }
  };

  function changeWait(outcome: Response | { fault: unknown }): number | undefined {
    if ('fault' in outcome) return mayHaveArrived(outcome.fault) ? WAIT_MS : undefined;
    if (outcome.status !== 503) return undefined;
    return Math.min(askedWait(outcome) || WAIT_MS, WAIT_AT_MOST_MS);
  }

  /** What says that it will be away for long is not asked again. */
  function readWait(outcome: Response | { fault: unknown }, repeats: number): number | undefined {
    const mayPass =
      'fault' in outcome
        ? mayHaveArrived(outcome.fault)
        : AWAY.includes(outcome.status) && askedWait(outcome) <= WAIT_AT_MOST_MS;
    return mayPass ? READ_WAIT_MS * 2 ** repeats : undefined;
  }
}

/** Milliseconds; 0 where the answer says none. */
function askedWait({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after'));
  return seconds > 0 ? seconds * 1_000 : 0;
}
