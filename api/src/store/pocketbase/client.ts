import PocketBase, { ClientResponseError } from 'pocketbase';
import { storeUnavailable } from '../../model/problems.ts';

export interface ClientOptions {
  url: string;
  email: string;
  password: string;
}

/** Superuser tokens last a day; one that has less than this left is renewed before a call. */
const REFRESH_BEFORE_S = 30 * 60;

/**
 * The one superuser client of the process. The SDK renews the token before calls, and logs in anew
 * when the token has run out or was revoked.
 * @throws Problem `store_unavailable`, or the SDK's ClientResponseError 400 when the password is wrong
 */
export async function createClient(options: ClientOptions): Promise<PocketBase> {
  const pb = anonymousClient(options.url);
  try {
    await pb
      .collection('_superusers')
      .authWithPassword(options.email, options.password, { autoRefreshThreshold: REFRESH_BEFORE_S });
  } catch (fault) {
    throw isUnreachable(fault) ? storeUnavailable(fault) : fault;
  }
  return pb;
}

/** A client without a login: one for each login attempt, so that tokens never mix. */
export function anonymousClient(url: string): PocketBase {
  const pb = new PocketBase(url);
  pb.autoCancellation(false);
  return pb;
}

/** No answer, a cancelled wait, or the service failing by itself: worth another try later. */
export function isUnreachable(fault: unknown): boolean {
  return fault instanceof ClientResponseError && (fault.status === 0 || fault.status >= 500 || fault.status === 429);
}
