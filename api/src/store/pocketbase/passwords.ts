import { hashOf, newToken } from '../../model/tokens.ts';
import type { Passwords } from '../users.ts';
import { callerOf } from '../write.ts';
import { type CallDeps, callRoute } from './call.ts';
import { toStoreProblem } from './faults.ts';

interface PasswordAnswer {
  /** Empty: nothing was changed. */
  email: string;
  config_version?: number;
}

const COLLECTIONS = { operator: '_superusers', user: 'users' } as const;

/** Passwords are set by the PocketBase service (pocketbase/internal/access/passwords.go), with their rows of the audit. */
export function createPasswords(deps: CallDeps & { onEnded: () => void }): Passwords {
  async function call(route: string, body: object): Promise<PasswordAnswer> {
    try {
      return await callRoute<PasswordAnswer>(deps, `password/${route}`, body);
    } catch (fault) {
      throw toStoreProblem(fault, 'user');
    } finally {
      deps.onEnded();
    }
  }

  return {
    async setByLink(token, password, origin) {
      const { email } = await call('link', { link: hashOf(token), password, ...origin });
      return email || undefined;
    },

    async change(person, { current, password }, write, browser) {
      const token = browser ? newToken() : undefined;
      const session = token === undefined ? {} : { session: hashOf(token) };
      const who = { collection: COLLECTIONS[person.kind], id: person.id };
      const { email } = await call('change', { ...who, current, password, ...session, ...callerOf(write) });
      if (!email) return undefined;
      return token === undefined ? {} : { token };
    },
  };
}
