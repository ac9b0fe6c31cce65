import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { AUDIT_SEARCH } from './audit-filters.ts';

const users = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/users',
  component: lazyRouteComponent(() => import('./UsersPage.tsx'), 'UsersPage'),
});

const keys = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/keys',
  component: lazyRouteComponent(() => import('./KeysPage.tsx'), 'KeysPage'),
});

const audit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/audit',
  validateSearch: textParams(AUDIT_SEARCH),
  component: lazyRouteComponent(() => import('./AuditPage.tsx'), 'AuditPage'),
});

const you = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./PasswordPage.tsx'), 'PasswordPage'),
});

export const settings = {
  routes: [you, users, keys, audit],
  entry: { label: 'Settings', icon: 'settings', path: '/settings', key: ',' },
} satisfies Pages;
