import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from './api.ts';
import { ApiFault } from './client.ts';
import { forgetFilters } from './kept-filters.ts';
import { LoginDialog, LoginPage } from './Login.tsx';
import { Splash } from './Splash.tsx';

export interface Session extends Pick<Schemas['Session'], 'account' | 'role'> {
  email: string;
}

/** Whether the session has ended while pages are open; see `createBrowserClient`. */
export interface SessionEnd {
  ended: () => boolean;
  end: () => void;
  begin: () => void;
  subscribe: (listener: () => void) => () => void;
}

export function createSessionEnd(): SessionEnd {
  const listeners = new Set<() => void>();
  let ended = false;
  const set = (next: boolean) => {
    if (ended === next) return;
    ended = next;
    for (const listener of listeners) listener();
  };
  return {
    ended: () => ended,
    end: () => set(true),
    begin: () => set(false),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const SessionContext = createContext<(Session & { logOut: () => void }) | undefined>(undefined);

/** Who is logged in. */
export function useSession(): Session & { logOut: () => void } {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no SessionGate around this.');
  return session;
}

/** Whether this person may change things; viewers only look. */
export function useMayWrite(): boolean {
  return useSession().role !== 'viewer';
}

/**
 * Shows `children` to whoever is logged in, and the login to others. When the session ends, the login stands over the page, which
 * keeps what was typed.
 */
export function SessionGate({ sessionEnd, children }: { sessionEnd: SessionEnd; children: ReactNode }) {
  const api = useApi();
  const queries = useQueryClient();
  const ended = useSyncExternalStore(sessionEnd.subscribe, sessionEnd.ended);
  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    queryKey: ['session'],
    queryFn: () => api.get('/api/v1/session'),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const value = useMemo(
    () =>
      session && {
        ...session,
        email: session.email ?? '',
        logOut: () => void api.delete('/api/v1/session').finally(beginAnew),
      },
    [session, api],
  );

  const onLogin = async () => {
    const before = session?.email;
    sessionEnd.begin();
    const { data: now } = await refetch();
    // Somebody else must not find what the one before has read.
    if (before !== undefined && before !== now?.email) beginAnew();
    else await queries.invalidateQueries();
  };

  if (!value) {
    const nobody = error instanceof ApiFault && error.status === 401;
    return nobody ? <LoginPage onLogin={onLogin} /> : <Splash fault={error} onRetry={() => void refetch()} />;
  }
  return (
    <SessionContext.Provider value={value}>
      {children}
      {ended && <LoginDialog email={value.email} onLogin={onLogin} />}
    </SessionContext.Provider>
  );
}

function beginAnew(): void {
  forgetFilters();
  location.assign('/');
}
