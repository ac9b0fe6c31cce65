import PocketBase, { ClientResponseError } from 'pocketbase';
import { storeUnavailable } from '../../model/problems.ts';
import type { LeanFetch } from './lean-fetch.ts';

/** Superuser tokens last a day; one that has less than this left is renewed before a call. */
const REFRESH_BEFORE_S = 30 * 60;

/**
 * Logs the client in as superuser. From then on the SDK renews the token before calls while it is valid, and logs in
 * anew when it has run out.
 * @throws Problem `store_unavailable`; the SDK's ClientResponseError with status 400 when the password is wrong
 */
export async function logIn(pb: PocketBase, { email, password }: { email: string; password: string }): Promise<void> {
  try {
    await pb.collection('_superusers').authWithPassword(email, password, { autoRefreshThreshold: REFRESH_BEFORE_S });
  } catch (fault) {
    throw isUnreachable(fault) ? storeUnavailable(fault) : fault;
  }
}

/** A client without a login: one for each login, so that tokens never mix. All of a process share one `fetch` and its sockets. */
export function createClient(url: string, fetch: LeanFetch): PocketBase {
  const pb = new PocketBase(url);
  pb.autoCancellation(false);
  pb.beforeSend = (target, options) => ({ url: target, options: { ...options, fetch } });
  return pb;
}

/** No answer, a cancelled wait, or the service failing by itself: worth another try later. */
export function isUnreachable(fault: unknown): boolean {
  return fault instanceof ClientResponseError && (fault.status === 0 || fault.status >= 500 || fault.status === 429);
}
