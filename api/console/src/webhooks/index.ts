import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { NewWebhookPage } from './NewWebhookPage.tsx';
import { WebhookPage } from './WebhookPage.tsx';
import { WebhooksPage } from './WebhooksPage.tsx';

const list = createRoute({ getParentRoute: () => rootRoute, path: '/webhooks', component: WebhooksPage });

const make = createRoute({ getParentRoute: () => rootRoute, path: '/webhooks/new', component: NewWebhookPage });

const one = createRoute({ getParentRoute: () => rootRoute, path: '/webhooks/$id', component: WebhookPage });

export const webhooks = {
  routes: [list, make, one],
  entry: { label: 'Webhooks', icon: 'webhooks', path: '/webhooks', key: 'w' },
} satisfies Pages;
