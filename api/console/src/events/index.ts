import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { EventPage } from './EventPage.tsx';
import { EventsPage } from './EventsPage.tsx';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/events',
  validateSearch: textParams(SEARCH_NAMES),
  component: EventsPage,
});

const one = createRoute({ getParentRoute: () => rootRoute, path: '/events/$id', component: EventPage });

export const events = {
  routes: [list, one],
  entry: { label: 'Events', icon: 'events', path: '/events', key: 'e', main: true },
} satisfies Pages;
