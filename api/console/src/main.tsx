import { QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiContext } from './app/api.ts';
import { createBrowserClient } from './app/client.ts';
import { createReadName, NamesContext } from './app/names.tsx';
import type { RailEntry } from './app/page.ts';
import { createQueries } from './app/queries.ts';
import { RailContext } from './app/rail.ts';
import { rootRoute } from './app/root.tsx';
import { createSessionEnd, SessionGate } from './app/session.tsx';
import { WelcomePage } from './app/Welcome.tsx';
import { PAGES } from './pages.ts';
import { Toasts } from './ui/Toast.tsx';
import { applyTheme } from './ui/theme.ts';
import './ui/tokens.css';
import './ui/base.css';

const sessionEnd = createSessionEnd();
const api = createBrowserClient({ onSessionEnd: sessionEnd.end });
const queries = createQueries();
const readName = createReadName(api);
const rail = PAGES.flatMap(({ entry }): RailEntry[] => (entry ? [entry] : []));
const router = createRouter({
  routeTree: rootRoute.addChildren(PAGES.flatMap(({ routes }) => [...routes])),
  defaultPreload: 'intent',
});

applyTheme();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <ApiContext value={api}>
      <NamesContext value={readName}>
        <RailContext value={rail}>
          <QueryClientProvider client={queries}>
            <Toasts>
              {location.pathname === '/welcome' ? (
                <WelcomePage />
              ) : (
                <SessionGate sessionEnd={sessionEnd}>
                  <RouterProvider router={router} />
                </SessionGate>
              )}
            </Toasts>
          </QueryClientProvider>
        </RailContext>
      </NamesContext>
    </ApiContext>
  </StrictMode>,
);
