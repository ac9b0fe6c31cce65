import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites',
  component: lazyRouteComponent(() => import('./SitesPage.tsx'), 'SitesPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/new',
  component: lazyRouteComponent(() => import('./NewSitePage.tsx'), 'NewSitePage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id',
  component: lazyRouteComponent(() => import('./SitePage.tsx'), 'SitePage'),
});

const goal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/new-goal',
  component: lazyRouteComponent(() => import('./NewGoalPage.tsx'), 'NewGoalPage'),
});

const newTrigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/new-trigger',
  component: lazyRouteComponent(() => import('./NewTriggerPage.tsx'), 'NewTriggerPage'),
});

const trigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$id',
  component: lazyRouteComponent(() => import('./TriggerPage.tsx'), 'TriggerPage'),
});

export const sites = {
  routes: [list, make, one, goal, newTrigger, trigger],
  entry: { label: 'Sites', icon: 'sites', path: '/sites', key: 'i' },
} satisfies Pages;
