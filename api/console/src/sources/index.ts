import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { EditSourcePage } from './EditSourcePage.tsx';
import { NewSourcePage } from './NewSourcePage.tsx';
import { SourcePage } from './SourcePage.tsx';
import { SourcesPage } from './SourcesPage.tsx';

const list = createRoute({ getParentRoute: () => rootRoute, path: '/sources', component: SourcesPage });

const make = createRoute({ getParentRoute: () => rootRoute, path: '/sources/new', component: NewSourcePage });

const one = createRoute({ getParentRoute: () => rootRoute, path: '/sources/$id', component: SourcePage });

const edit = createRoute({ getParentRoute: () => rootRoute, path: '/sources/$id/edit', component: EditSourcePage });

export const sources = {
  routes: [list, make, one, edit],
  entry: { label: 'Sources', icon: 'sources', path: '/sources', key: 's' },
} satisfies Pages;
