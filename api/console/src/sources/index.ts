import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sources',
  component: lazyRouteComponent(() => import('./SourcesPage.tsx'), 'SourcesPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sources/new',
  component: lazyRouteComponent(() => import('./NewSourcePage.tsx'), 'NewSourcePage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sources/$id',
  component: lazyRouteComponent(() => import('./SourcePage.tsx'), 'SourcePage'),
});

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sources/$id/edit',
  component: lazyRouteComponent(() => import('./EditSourcePage.tsx'), 'EditSourcePage'),
});

export const sources = {
  routes: [list, make, one, edit],
  entry: { label: 'Sources', icon: 'sources', path: '/sources', key: 's' },
} satisfies Pages;
