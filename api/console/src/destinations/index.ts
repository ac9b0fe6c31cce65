import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations',
  validateSearch: textParams(SEARCH_NAMES),
  component: lazyRouteComponent(() => import('./DestinationsPage.tsx'), 'DestinationsPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations/new',
  component: lazyRouteComponent(() => import('./NewDestinationPage.tsx'), 'NewDestinationPage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations/$id',
  component: lazyRouteComponent(() => import('./DestinationPage.tsx'), 'DestinationPage'),
});

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations/$id/edit',
  component: lazyRouteComponent(() => import('./EditDestinationPage.tsx'), 'EditDestinationPage'),
});

export const destinations = {
  routes: [list, make, one, edit],
  entry: { label: 'Destinations', icon: 'destinations', path: '/destinations', key: 't' },
} satisfies Pages;
