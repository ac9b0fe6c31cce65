import { createDescribe } from '../../../api/src/ingest/describe.ts';
import { createPlanner } from '../../../api/src/ingest/plan.ts';
import { createSplit } from '../../../api/src/ingest/split.ts';
import type { Destination, Mapping, Source, UnreadableRecord } from '../../../api/src/model/configuration.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { collectingLogger } from '../../support/logger.ts';
import { aDestination, aMapping, aSource } from '../../support/records.ts';

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
    split: createSplit(),
    describe: createDescribe(),
    planner: createPlanner({ makeId, expiresInMs: 60_000 }),
  };
}
