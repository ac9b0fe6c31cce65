import type { RecordModel } from 'pocketbase';
import { hashOf, newToken } from '../../model/tokens.ts';
import type { BrowserSessions } from '../records.ts';
import { callerOf } from '../write.ts';
import { type CallDeps, callRoute } from './call.ts';
import { type LogIn, toPerson } from './log-in.ts';
import { toModelTime } from './times.ts';

interface SessionAnswer {
  /** Null: there is no such session, or it has ended. */
  person: RecordModel | null;
  expires_at?: string;
}

const TOKEN = /^[\w-]{43}$/;

/** The sessions that the PocketBase service keeps (pocketbase/internal/access/sessions.go); it is sent hashes of their tokens only. */
export function createBrowserSessions(deps: CallDeps & { logIn: LogIn }): BrowserSessions {
  return {
    async open(credentials, origin, replaces) {
      const token = newToken();
      const replaced = replaces === undefined ? {} : { replaces: hashOf(replaces) };
      const answer = await deps.logIn(credentials, origin, { session: hashOf(token), ...replaced });
      const actor = answer && toPerson(answer.record);
      return actor && { token, actor };
    },

    async identify(token) {
      if (!TOKEN.test(token)) return undefined;
      const session = { session: hashOf(token) };
      const { person, expires_at } = await callRoute<SessionAnswer & { config_version?: number }>(
        deps,
        'session',
        session,
      );
      const actor = person ? toPerson(person) : undefined;
      return actor && expires_at !== undefined ? { token, actor, expires_at: toModelTime(expires_at) } : undefined;
    },

    async end(token, write) {
      await callRoute(deps, 'session/end', { session: hashOf(token), ...callerOf(write) });
    },
  };
}
