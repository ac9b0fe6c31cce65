import { LRUCache } from 'lru-cache';
import type { Clock } from '../../model/ids.ts';
import { hashOf } from '../../model/tokens.ts';
import type { Actor, Sessions } from '../records.ts';
import { createClient, toOutage } from './client.ts';
import { withTimeout } from './faults.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { type LogIn, refusedAsUndefined, toPerson } from './log-in.ts';

/** While the store is away, and in case that its announcement of a change is lost. */
const REMEMBER_MS = 15_000;
const REMEMBER_AT_MOST = 1_000;

const TOKEN = /^[\w-]{2,}\.[\w-]{2,}\.[\w-]+$/;

const API_KEY = /^phk_[\w-]{43}$/;

export interface SessionsDeps {
  logIn: LogIn;
  /** Of the PocketBase service. */
  url: string;
  fetch: LeanFetch;
  now: Clock;
  /** Who an API key stands for. */
  identifyKey: (key: string) => Promise<Actor | undefined>;
}

/** Who is asking, by PocketBase's own logins and tokens. A client of its own for each call, so that logins never mix. */
export function createSessions({ logIn, url, fetch, now, identifyKey }: SessionsDeps): Sessions {
  // By hash: a dump of this process's memory should hold no more tokens than it must.
  const known = new LRUCache<string, Promise<Actor | undefined>>({
    max: REMEMBER_AT_MOST,
    ttl: REMEMBER_MS,
    perf: { now },
  });

  async function verify(token: string): Promise<Actor | undefined> {
    if (API_KEY.test(token)) return identifyKey(token);
    const collection = collectionOf(token);
    if (!collection) return undefined;
    const client = createClient(url, fetch);
    client.authStore.save(token);
    const answer = await refusedAsUndefined(() => client.collection(collection).authRefresh(withTimeout()), toOutage);
    return answer && toPerson(answer.record);
  }

  return {
    async open(credentials, origin) {
      const answer = await logIn(credentials, origin);
      const actor = answer && toPerson(answer.record);
      return actor && { token: answer.token, actor };
    },

    identify(token) {
      const key = hashOf(token);
      let actor = known.get(key);
      if (!actor) {
        actor = verify(token);
        known.set(key, actor);
        actor.catch(() => known.delete(key));
      }
      return actor;
    },

    forget: () => known.clear(),
  };
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
