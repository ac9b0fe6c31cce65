import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type PocketBase from 'pocketbase';
import { ClientResponseError, type RecordAuthResponse, type RecordModel } from 'pocketbase';
import type { Clock } from '../../model/ids.ts';
import type { Problem } from '../../model/problems.ts';
import type { Actor, Person, Sessions } from '../records.ts';
import { createTurns } from '../turns.ts';
import { createClient, toOutage, toServiceOutage } from './client.ts';
import { withTimeout } from './faults.ts';
import type { LeanFetch } from './lean-fetch.ts';

/** A token that was revoked, or a role that changed, is noticed within this time. */
const REMEMBER_MS = 15_000;
const REMEMBER_AT_MOST = 1_000;

/** Of one process. Each costs PocketBase some 50 ms of a core, which guesses must not take from everything else. */
const LOGINS = { atOnce: 2, waitingAtMost: 20 };

const TOKEN = /^[\w-]{2,}\.[\w-]{2,}\.[\w-]+$/;

const API_KEY = /^phk_[\w-]{43}$/;

export interface SessionsDeps {
  /** This service's own client, which passes logins on: PocketBase's limits of logins are for those who come directly. */
  pb: PocketBase;
  /** Of the PocketBase service. */
  url: string;
  fetch: LeanFetch;
  now: Clock;
  /** Who an API key stands for. */
  identifyKey: (key: string) => Promise<Actor | undefined>;
}

/** Who is asking, by PocketBase's own logins and tokens. A client of its own for each call, so that logins never mix. */
export function createSessions({ pb, url, fetch, now, identifyKey }: SessionsDeps): Sessions {
  // By hash: a dump of this process's memory should hold no more tokens than it must.
  const known = new LRUCache<string, Promise<Actor | undefined>>({
    max: REMEMBER_AT_MOST,
    ttl: REMEMBER_MS,
    perf: { now },
  });

  const inTurn = createTurns(LOGINS);

  async function verify(token: string): Promise<Actor | undefined> {
    if (API_KEY.test(token)) return identifyKey(token);
    const collection = collectionOf(token);
    if (!collection) return undefined;
    const client = createClient(url, fetch);
    client.authStore.save(token);
    const answer = await refusedAsUndefined(() => client.collection(collection).authRefresh(withTimeout()), toOutage);
    return answer && toActor(answer.record);
  }

  return {
    async open(email, password) {
      const login = () => ({ method: 'POST', body: { email, password }, ...withTimeout() });
      const answer = await inTurn(() =>
        refusedAsUndefined(() => pb.send('/api/pockethook/login', login()), toServiceOutage),
      );
      const actor = answer && toActor(answer.record);
      return actor && { token: answer.token, actor };
    },

    identify(token) {
      const key = createHash('sha256').update(token).digest('base64');
      let actor = known.get(key);
      if (!actor) {
        actor = verify(token);
        known.set(key, actor);
        actor.catch(() => known.delete(key));
      }
      return actor;
    },
  };
}

async function refusedAsUndefined(
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

/** What the token says of itself decides only whom to ask; PocketBase verifies it. */
function collectionOf(token: string): string | undefined {
  if (!TOKEN.test(token)) return undefined;
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as unknown;
    const { collectionId } = payload as { collectionId?: unknown };
    return typeof collectionId === 'string' && /^\w{1,100}$/.test(collectionId) ? collectionId : undefined;
  } catch {
    return undefined;
  }
}

function toActor(record: RecordModel): Person | undefined {
  if (record.collectionName === '_superusers') return { kind: 'operator', email: record.email };
  if (record.collectionName !== 'users') return undefined;
  return { kind: 'user', email: record.email, account: record.account, role: record.role };
}
