import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./WebhooksPage.tsx'), 'WebhooksPage'),
});

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks/new',
  component: lazyRouteComponent(() => import('./NewWebhookPage.tsx'), 'NewWebhookPage'),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks/$id',
  component: lazyRouteComponent(() => import('./WebhookPage.tsx'), 'WebhookPage'),
});

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks/$id/edit',
  component: lazyRouteComponent(() => import('./EditWebhookPage.tsx'), 'EditWebhookPage'),
});

export const webhooks = {
  routes: [list, make, one, edit],
  entry: { label: 'Webhooks', icon: 'webhooks', path: '/webhooks', key: 'w' },
} satisfies Pages;
