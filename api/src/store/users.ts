import type { AccountScope, BrowserSession, Page, PageRequest, Person } from './records.ts';
import type { Write, WriteOrigin } from './write.ts';

export interface User {
  id: string;
  account: string;
  email: string;
  name: string;
  role: 'admin' | 'viewer';
  /** Can't log in. */
  deactivated: boolean;
  /** Of the link that sets the password; null: there is none. */
  link_expires_at: string | null;
  created: string;
  updated: string;
}

/** What proves that somebody may set the password of a user, once. */
export interface PasswordLink {
  /** Of its token (model/tokens.ts). */
  hash: string;
  /** RFC 3339. */
  expires_at: string;
}

export type NewUser = Pick<User, 'account' | 'email' | 'name' | 'role'> & {
  /** One that nobody knows, until the link sets another. */
  password: string;
  link: PasswordLink;
};

/** Of the user whom a call made; `link_hash` is that of the link which stands now. */
export type LinkedUser = User & { link_hash: string };

/**
 * The people of accounts. Rejects with Problem `not_found`, `validation_failed`, `conflict` (the last active admin of an
 * account, unless an operator asks), `idempotency_key_reused` or `store_unavailable`.
 */
export interface Users {
  list(scope: AccountScope, page: PageRequest): Promise<Page<User>>;
  get(id: string, scope: AccountScope): Promise<User>;
  create(user: NewUser, scope: AccountScope, write: Write): Promise<LinkedUser>;
  update(
    id: string,
    fields: Partial<Pick<User, 'name' | 'role' | 'deactivated'>>,
    scope: AccountScope,
    write: Write,
  ): Promise<User>;
  /** Revokes the link before it. */
  setLink(id: string, link: PasswordLink, scope: AccountScope, write: Write): Promise<LinkedUser>;
  remove(id: string, scope: AccountScope, write: Write): Promise<void>;
}

/** Setting passwords. Rejects with Problem `validation_failed` for a password that can't be used, or `store_unavailable`. */
export interface Passwords {
  /** Resolves to the user's e-mail address; undefined: no link has this token, any more. */
  setByLink(token: string, password: string, origin: WriteOrigin): Promise<string | undefined>;
  /**
   * Ends every session and token of the person. Undefined: the current password is wrong.
   * @param browser whether the person is to get a new session for their browser
   */
  change(
    person: Person,
    passwords: { current: string; password: string },
    write: Write,
    browser: boolean,
  ): Promise<{ token?: BrowserSession['token'] } | undefined>;
}
