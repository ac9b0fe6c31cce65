import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { SEARCH_NAMES } from './filters.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/replays',
  component: lazyRouteComponent(() => import('./ReplaysPage.tsx'), 'ReplaysPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/replays/new',
  validateSearch: textParams(SEARCH_NAMES),
  component: lazyRouteComponent(() => import('./NewReplayPage.tsx'), 'NewReplayPage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/replays/$id',
  component: lazyRouteComponent(() => import('./ReplayPage.tsx'), 'ReplayPage'),
});

export const replays = {
  routes: [list, make, one],
  entry: { label: 'Replays', icon: 'replays', path: '/replays', key: 'r' },
} satisfies Pages;
