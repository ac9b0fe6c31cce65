import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';

const page = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: textParams(['range']),
  component: lazyRouteComponent(() => import('./OverviewPage.tsx'), 'OverviewPage'),
});

export const overview = {
  routes: [page],
  entry: { label: 'Overview', icon: 'overview', path: '/', key: 'o', main: true },
} satisfies Pages;
