import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { DeliveriesPage } from './DeliveriesPage.tsx';
import { DeliveryPage } from './DeliveryPage.tsx';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deliveries',
  validateSearch: textParams(SEARCH_NAMES),
  component: DeliveriesPage,
});

const one = createRoute({ getParentRoute: () => rootRoute, path: '/deliveries/$id', component: DeliveryPage });

export const deliveries = {
  routes: [list, one],
  entry: { label: 'Deliveries', icon: 'deliveries', path: '/deliveries', key: 'd', main: true },
} satisfies Pages;
