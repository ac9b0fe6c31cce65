import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/events',
  validateSearch: textParams(SEARCH_NAMES),
  component: lazyRouteComponent(() => import('./EventsPage.tsx'), 'EventsPage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/events/$id',
  component: lazyRouteComponent(() => import('./EventPage.tsx'), 'EventPage'),
});

export const events = {
  routes: [list, one],
  entry: { label: 'Events', icon: 'events', path: '/events', key: 'e', main: true },
} satisfies Pages;
