import { createRoute } from '@tanstack/react-router';
import type { Pages } from '../app/page.ts';
import { rootRoute } from '../app/root.tsx';
import { textParams } from '../app/search.ts';
import { MappingPage } from './MappingPage.tsx';
import { MappingsPage } from './MappingsPage.tsx';
import { NewMappingPage } from './NewMappingPage.tsx';

const list = createRoute({ getParentRoute: () => rootRoute, path: '/mappings', component: MappingsPage });

const make = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mappings/new',
  validateSearch: textParams(['event']),
  component: NewMappingPage,
});

/** `event` is the one that is tried. */
const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mappings/$id',
  validateSearch: textParams(['event']),
  component: MappingPage,
});

export const mappings = {
  routes: [list, make, one],
  entry: { label: 'Mappings', icon: 'mappings', path: '/mappings', key: 'm' },
} satisfies Pages;
