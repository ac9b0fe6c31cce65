import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deliveries',
  validateSearch: textParams(SEARCH_NAMES),
  component: lazyRouteComponent(() => import('./DeliveriesPage.tsx'), 'DeliveriesPage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deliveries/$id',
  component: lazyRouteComponent(() => import('./DeliveryPage.tsx'), 'DeliveryPage'),
});

export const deliveries = {
  routes: [list, one],
  entry: { label: 'Deliveries', icon: 'deliveries', path: '/deliveries', key: 'd', main: true },
} satisfies Pages;
