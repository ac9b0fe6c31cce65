import { type ApiClient, createApiClient, type Refusal } from '../../../client/client.ts';
import type { Schemas } from '../../../client/schemas.ts';
import type { FieldError } from '../ui/field-errors.ts';

/** An answer of the API that is not what was asked for. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly status: number;
  readonly problem: Schemas['Problem'] | undefined;

  constructor({ status, problem }: Refusal) {
    super(problem?.detail ?? `The answer had the status ${status} and is none of Pockethook's.`);
    this.status = status;
    this.problem = problem;
  }
}

/** What is wrong with each field, where a request was refused for its fields. */
export function fieldErrors(fault: unknown): readonly FieldError[] | undefined {
  return fault instanceof ApiFault ? fault.problem?.errors : undefined;
}

/**
 * The API as this browser's session sees it: the cookie goes along by itself, and this header, which no page of another
 * origin can send. `onSessionEnd` is called when a request was refused for want of a session.
 */
export function createBrowserClient({ onSessionEnd }: { onSessionEnd: () => void }): ApiClient {
  return createApiClient({
    url: '',
    headers: { 'x-pockethook-csrf': '1' },
    send: (request) => fetch(request),
    toError: (refusal) => {
      const fault = new ApiFault(refusal);
      if (fault.problem?.code === 'unauthenticated') onSessionEnd();
      return fault;
    },
    randomId,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    // fetch rejects with a TypeError whenever there is no answer.
    mayHaveArrived: (fault) => fault instanceof TypeError,
  });
}

/** crypto.randomUUID is there over HTTPS only. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
