import { ClientResponseError } from 'pocketbase';
import { type FieldError, notFound, Problem } from '../../model/problems.ts';
import { toServiceOutage } from './client.ts';

/** PocketBase answers well within this, or not at all. */
const TIMEOUT_MS = 4_000;

/** The service's code for a field that is refused for what there is already (pocketbase/internal/fault/fault.go). */
const CONFLICT = 'conflict';

/** Options for each call of the SDK. */
export const withTimeout = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS) });

/**
 * What a call of the SDK threw, as the problem that the caller of the API is told.
 * @param what names the record for `not_found`, such as `source mc2x8k1qpl0aa4z`
 * @param refusal the code when PocketBase refuses and names no field
 */
export function toStoreProblem(
  fault: unknown,
  what: string,
  refusal: 'validation_failed' | 'conflict' = 'validation_failed',
): unknown {
  if (!(fault instanceof ClientResponseError)) return fault;
  const outage = toServiceOutage(fault);
  if (outage) return outage;
  if (fault.status === 404) return notFound(what);
  if (isKeyReused(fault)) return keyReused();
  if (fault.status === 412) return staleVersion(what);
  const conflict = Object.values(
    (fault.response.data ?? {}) as Record<string, { code?: string; message?: string }>,
  ).find(({ code }) => code === CONFLICT);
  if (conflict) return new Problem('conflict', sentence(conflict.message), { cause: fault });
  const errors = fieldErrors(fault.response.data, '');
  const [first] = errors;
  if (first) {
    return new Problem('validation_failed', `${first.field}: ${first.message}`, { errors, cause: fault });
  }
  return new Problem(refusal, sentence(fault.response.message) || 'The store refused this.', { cause: fault });
}

/** Does something over the SDK. @throws what `toStoreProblem` makes of its faults */
export async function orProblem<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw toStoreProblem(fault, what);
  }
}

/** The service's answer to a key that came with another request before. */
export function isKeyReused(fault: unknown): boolean {
  return fault instanceof ClientResponseError && fault.status === 422;
}

export function keyReused(): Problem {
  return new Problem(
    'idempotency_key_reused',
    'This Idempotency-Key came with another request before. Send each new request with a new key, and a repetition unchanged.',
  );
}

function staleVersion(what: string): Problem {
  return new Problem(
    'stale_version',
    `Somebody changed the ${what} after you read it, so this change was not made. Read it again, then decide anew.`,
  );
}

/** PocketBase nests `{code, message}` by field; a list's items are numbered. */
function fieldErrors(data: unknown, path: string): FieldError[] {
  if (typeof data !== 'object' || data === null) return [];
  if ('message' in data && typeof data.message === 'string') return [{ field: path, message: data.message }];
  return Object.entries(data).flatMap(([name, inner]) => fieldErrors(inner, `${path}/${name}`));
}

function sentence(message: unknown): string {
  return typeof message === 'string' ? message : '';
}
