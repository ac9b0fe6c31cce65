import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';

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
  validateSearch: textParams(['range']),
  component: lazyRouteComponent(() => import('./SitePage.tsx'), 'SitePage'),
});

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/edit',
  component: lazyRouteComponent(() => import('./EditSitePage.tsx'), 'EditSitePage'),
});

const newGoal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/new-goal',
  component: lazyRouteComponent(() => import('./NewGoalPage.tsx'), 'NewGoalPage'),
});

const goal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/goals/$id',
  component: lazyRouteComponent(() => import('./GoalPage.tsx'), 'GoalPage'),
});

const editGoal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/goals/$id/edit',
  component: lazyRouteComponent(() => import('./EditGoalPage.tsx'), 'EditGoalPage'),
});

const newTrigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/new-trigger',
  component: lazyRouteComponent(() => import('./NewTriggerPage.tsx'), 'NewTriggerPage'),
});

const trigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$id',
  validateSearch: textParams(['range']),
  component: lazyRouteComponent(() => import('./TriggerPage.tsx'), 'TriggerPage'),
});

const editTrigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$id/edit',
  validateSearch: textParams(['threshold']),
  component: lazyRouteComponent(() => import('./EditTriggerPage.tsx'), 'EditTriggerPage'),
});

export const sites = {
  routes: [list, make, one, edit, newGoal, goal, editGoal, newTrigger, trigger, editTrigger],
  entry: { label: 'Sites', icon: 'sites', path: '/sites', key: 'i' },
} satisfies Pages;
