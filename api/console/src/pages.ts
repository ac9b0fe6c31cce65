import { deliveries } from './deliveries/index.ts';
import { destinations } from './destinations/index.ts';
import { events } from './events/index.ts';
import { mappings } from './mappings/index.ts';
import { overview } from './overview/index.ts';
import { replays } from './replays/index.ts';
import { settings } from './settings/index.ts';
import { sites } from './sites/index.ts';
import { sources } from './sources/index.ts';
import { webhooks } from './webhooks/index.ts';

/** Every folder of pages, in the order of the rail. */
export const PAGES = [
  overview,
  events,
  deliveries,
  sources,
  mappings,
  destinations,
  replays,
  sites,
  webhooks,
  settings,
] as const;
