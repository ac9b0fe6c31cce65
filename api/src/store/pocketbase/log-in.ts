import type PocketBase from 'pocketbase';
import { ClientResponseError, type RecordAuthResponse, type RecordModel } from 'pocketbase';
import type { Problem } from '../../model/problems.ts';
import type { Credentials, Person } from '../records.ts';
import { createTurns } from '../turns.ts';
import type { WriteOrigin } from '../write.ts';
import { toServiceOutage } from './client.ts';
import { withTimeout } from './faults.ts';

/** Of one process. Each costs PocketBase some 50 ms of a core, which guesses must not take from everything else. */
const LOGINS = { atOnce: 2, waitingAtMost: 20 };

/** Hashes of the tokens of browsers: of the new session, and of the one that it replaces. */
export interface SessionHashes {
  session: string;
  replaces?: string;
}

/** Compares a password, of an operator or a user. Undefined: e-mail or password is wrong. */
export type LogIn = (
  credentials: Credentials,
  origin: WriteOrigin,
  hashes?: SessionHashes,
) => Promise<RecordAuthResponse<RecordModel> | undefined>;

/** @param pb this service's own client, which passes logins on: PocketBase's limits of logins are for those who come directly */
export function createLogIn(pb: PocketBase): LogIn {
  const inTurn = createTurns(LOGINS);
  return (credentials, origin, hashes) =>
    inTurn(() => {
      const login = () => ({ method: 'POST', body: { ...credentials, ...origin, ...hashes }, ...withTimeout() });
      return refusedAsUndefined(() => pb.send('/api/pockethook/login', login()), toServiceOutage);
    });
}

export async function refusedAsUndefined(
  work: () => Promise<RecordAuthResponse<RecordModel>>,
  outageOf: (fault: unknown) => Problem | undefined,
): Promise<RecordAuthResponse<RecordModel> | undefined> {
  try {
    return await work();
  } catch (fault) {
    const outage = outageOf(fault);
    if (outage) throw outage;
    if (fault instanceof ClientResponseError) return undefined;
    throw fault;
  }
}

/** Who somebody is, of a record that can log in. */
export function toPerson({ id, collectionName, email, account, role }: RecordModel): Person | undefined {
  if (collectionName === '_superusers') return { kind: 'operator', id, email };
  return collectionName === 'users' ? { kind: 'user', id, email, account, role } : undefined;
}
