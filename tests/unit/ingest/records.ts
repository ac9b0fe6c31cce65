import { createDescribe } from '../../../api/src/ingest/describe.ts';
import { createPlanner } from '../../../api/src/ingest/plan.ts';
import type { Destination, Mapping, Source, UnreadableRecord } from '../../../api/src/model/configuration.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { collectingLogger } from '../../support/logger.ts';

export function aSource(fields: Partial<Source> = {}): Source {
  return {
    id: 'source000000001',
    account: 'account00000001',
    name: 'shop',
    enabled: true,
    verification: 'none',
    verification_options: null,
    secrets: [],
    event_type: '',
    dedupe_key: '',
    extract: null,
    not_redacted: null,
    max_body_bytes: 0,
    rate_limit: 0,
    ...fields,
  };
}

export function aDestination(fields: Partial<Destination> = {}): Destination {
  return {
    id: 'destination0001',
    account: 'account00000001',
    name: 'receiver',
    type: 'http',
    url: 'https://example.com',
    headers: null,
    secrets: [],
    enabled: true,
    disabled_reason: '',
    max_concurrency: 0,
    paused: false,
    rate_limit: 0,
    ordered: false,
    retry_schedule: null,
    timeout_ms: 0,
    ...fields,
  };
}

export function aMapping(fields: Partial<Mapping> = {}): Mapping {
  return {
    id: 'mapping00000001',
    account: 'account00000001',
    name: 'shop to receiver',
    source: 'source000000001',
    destination: 'destination0001',
    enabled: true,
    filter: '',
    template: null,
    content_type: '',
    ...fields,
  };
}

export interface Rules {
  source?: Partial<Source>;
  destinations?: Partial<Destination>[];
  mappings?: Partial<Mapping>[];
  unreadable?: UnreadableRecord[];
}

/** What decides about events, over these records; everything real. Ids are `id1`, `id2` … */
export async function openRules({ source, destinations = [{}], mappings = [{}], unreadable = [] }: Rules) {
  const records = {
    sources: [aSource(source)],
    destinations: destinations.map(aDestination),
    mappings: mappings.map((fields, i) => aMapping({ id: `mapping${i}`, ...fields })),
  };
  const { logger } = collectingLogger();
  const configuration = createConfigurationCache({
    load: async () => ({ version: 1, ...records, unreadable }),
    logger,
  });
  await configuration.refresh();
  let ids = 0;
  const makeId = () => `id${++ids}`;
  return {
    source: records.sources[0] as Source,
    configuration,
    makeId,
    describe: createDescribe(),
    planner: createPlanner({ makeId, expiresInMs: 60_000 }),
  };
}
