import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { DestinationPage } from './DestinationPage.tsx';
import { DestinationsPage } from './DestinationsPage.tsx';
import { EditDestinationPage } from './EditDestinationPage.tsx';
import { SEARCH_NAMES } from './filters.ts';
import { NewDestinationPage } from './NewDestinationPage.tsx';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations',
  validateSearch: textParams(SEARCH_NAMES),
  component: DestinationsPage,
});

const make = createRoute({ getParentRoute: () => rootRoute, path: '/destinations/new', component: NewDestinationPage });

const one = createRoute({ getParentRoute: () => rootRoute, path: '/destinations/$id', component: DestinationPage });

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/destinations/$id/edit',
  component: EditDestinationPage,
});

export const destinations = {
  routes: [list, make, one, edit],
  entry: { label: 'Destinations', icon: 'destinations', path: '/destinations', key: 't' },
} satisfies Pages;
