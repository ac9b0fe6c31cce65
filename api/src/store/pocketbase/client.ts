import PocketBase, { ClientResponseError, type SendOptions } from 'pocketbase';
import { Problem, storeUnavailable } from '../../model/problems.ts';
import type { Logger } from '../../ops/logger.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { serviceCredential } from './service-credential.ts';

export interface ServiceClientDeps {
  /** Of the PocketBase service. */
  url: string;
  fetch: LeanFetch;
  /** As in ENCRYPTION_KEYS. */
  encryptionKeys: string;
  logger: Pick<Logger, 'error' | 'info'>;
}

const COMPARE_KEYS =
  'ENCRYPTION_KEYS of this service and of the PocketBase service have no key in common. Give both the same value and restart the one that had another';

/**
 * The client of this service itself. It proves itself with each request: there is no login, so none can be limited, run
 * out or be changed by anybody. That it is not accepted is logged once, and once more when it is again.
 */
export function createServiceClient({ url, fetch, encryptionKeys, logger }: ServiceClientDeps): PocketBase {
  const pb = createClient(url, fetch);
  const authorization = serviceCredential(encryptionKeys);
  pb.authStore.save(authorization);
  let refused = false;
  pb.afterSend = ({ status }, data) => {
    if (isRefusal(status, data)) {
      if (!refused) logger.error('PocketBase does not accept this service', { error: COMPARE_KEYS });
      refused = true;
    } else if (status < 400) {
      if (refused) logger.info('PocketBase accepts this service again');
      refused = false;
    }
    return data;
  };
  const sendBySdk = pb.send.bind(pb);
  pb.send = (path: string, options: SendOptions) =>
    path.startsWith(OWN_ROUTES) ? sendDirectly(pb, fetch, path, authorization, options) : sendBySdk(path, options);
  return pb;
}

/** Of the service: POST with JSON, or GET. */
const OWN_ROUTES = '/api/pockethook/';

/** As the SDK sends it, without what these routes never need: half of an event's calls would otherwise be the SDK's own work. */
async function sendDirectly<T>(
  pb: PocketBase,
  fetch: LeanFetch,
  path: string,
  authorization: string,
  { method = 'GET', body, signal }: SendOptions,
): Promise<T> {
  const url = pb.buildURL(path);
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      signal,
    });
    const { status } = response;
    const data = await response.json().catch(() => ({}));
    pb.afterSend?.(response, data);
    if (status >= 400) throw new ClientResponseError({ url, status, data });
    return data as T;
  } catch (fault) {
    throw new ClientResponseError(fault);
  }
}

/** A client without a login: one for each login, so that tokens never mix. All of a process share one `fetch` and its sockets. */
export function createClient(url: string, fetch: LeanFetch): PocketBase {
  const pb = new PocketBase(url);
  pb.autoCancellation(false);
  pb.beforeSend = (target, options) => ({ url: target, options: { ...options, fetch } });
  return pb;
}

/** PocketBase's limits of requests are for a minute and less. */
const ASKED_TOO_MUCH_S = 10;

/**
 * The problem that a call of the SDK met although nothing was wrong with it: no answer, a cancelled wait, the service
 * failing by itself, or asking to wait. Undefined: the call itself was refused.
 */
export function toOutage(fault: unknown): Problem | undefined {
  if (!(fault instanceof ClientResponseError)) return undefined;
  if (fault.status === 429) {
    return new Problem('too_many_requests', 'The store is asked for too much at once. Try again a little later.', {
      retryAfter: ASKED_TOO_MUCH_S,
      cause: fault,
    });
  }
  return fault.status === 0 || fault.status >= 500 ? storeUnavailable(fault) : undefined;
}

/** As `toOutage`, for calls of this service itself: when it is not accepted, the store is away for whoever asks here. */
export function toServiceOutage(fault: unknown): Problem | undefined {
  return toOutage(fault) ?? (isServiceRefused(fault) ? storeUnavailable(fault) : undefined);
}

/** Whether PocketBase does not accept this service itself. Asking again can't help before somebody corrects it. */
export function isServiceRefused(fault: unknown): boolean {
  return fault instanceof ClientResponseError && isRefusal(fault.status, fault.response);
}

/** One sentence for `/readyz`: why the store can't be used. */
export function describeOutage(fault: unknown): string {
  const { cause } = fault as Error;
  if (isServiceRefused(cause)) return `PocketBase does not accept this service: ${COMPARE_KEYS}`;
  return cause instanceof ClientResponseError && cause.status === 429
    ? 'PocketBase is asked for too much at once'
    : 'PocketBase does not answer';
}

/** A 401 with an `mfaId` is about a person: a second factor is wanted. */
function isRefusal(status: number, body: unknown): boolean {
  return status === 401 && !(body as { mfaId?: unknown } | null)?.mfaId;
}
