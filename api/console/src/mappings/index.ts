import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mappings',
  component: lazyRouteComponent(() => import('./MappingsPage.tsx'), 'MappingsPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mappings/new',
  validateSearch: textParams(['event']),
  component: lazyRouteComponent(() => import('./NewMappingPage.tsx'), 'NewMappingPage'),
});

/** `event` is the one that is tried. */
const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mappings/$id',
  validateSearch: textParams(['event']),
  component: lazyRouteComponent(() => import('./MappingPage.tsx'), 'MappingPage'),
});

export const mappings = {
  routes: [list, make, one],
  entry: { label: 'Mappings', icon: 'mappings', path: '/mappings', key: 'm' },
} satisfies Pages;
