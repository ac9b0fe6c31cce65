import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { NewGoalPage } from './NewGoalPage.tsx';
import { NewSitePage } from './NewSitePage.tsx';
import { NewTriggerPage } from './NewTriggerPage.tsx';
import { SitePage } from './SitePage.tsx';
import { SitesPage } from './SitesPage.tsx';
import { TriggerPage } from './TriggerPage.tsx';

const list = createRoute({ getParentRoute: () => rootRoute, path: '/sites', component: SitesPage });

const make = createRoute({ getParentRoute: () => rootRoute, path: '/sites/new', component: NewSitePage });

const one = createRoute({ getParentRoute: () => rootRoute, path: '/sites/$id', component: SitePage });

const goal = createRoute({ getParentRoute: () => rootRoute, path: '/sites/$id/new-goal', component: NewGoalPage });

const newTrigger = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$id/new-trigger',
  component: NewTriggerPage,
});

const trigger = createRoute({ getParentRoute: () => rootRoute, path: '/triggers/$id', component: TriggerPage });

export const sites = {
  routes: [list, make, one, goal, newTrigger, trigger],
  entry: { label: 'Sites', icon: 'sites', path: '/sites', key: 'i' },
} satisfies Pages;
