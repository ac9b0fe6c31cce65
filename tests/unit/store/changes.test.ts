import type { Mapping, UnreadableRecord } from '../../../api/src/model/configuration.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { collectingLogger } from '../../support/logger.ts';
import { aDestination, aMapping, aSource } from '../../support/records.ts';

type Readings = Parameters<Parameters<typeof createConfigurationCache>[0]['load']>[0][];
type Reading = Awaited<ReturnType<Parameters<typeof createConfigurationCache>[0]['load']>>;

const id = (number: number) => `mapping${String(number).padStart(8, '0')}`;
const lost = (kind: string, id: string): UnreadableRecord => ({
  ...{ kind, id, name: 'lost', enabled: true, problem: 'secrets', source: '', destination: '' },
});

/** A cache of a source, a destination and 1,000 mappings, version 5; `next` is what the next reading brings. */
async function open() {
  const whole: Reading = {
    version: 5,
    unreadable: [],
    sources: [aSource()],
    destinations: [aDestination({ timeout_ms: 30_000 })],
    mappings: Array.from({ length: 1000 }, (_, i) => aMapping({ id: id(i), filter: `body.n == ${i}` })),
  };
  const asked: Readings = [];
  let answer = whole;
  const cache = createConfigurationCache({
    load: async (since) => {
      asked.push(since);
      return structuredClone(answer);
    },
    logger: collectingLogger().logger,
  });
  await cache.refresh();
  const mappings = () => cache.current.routesOf(aSource()).map(({ mapping }) => mapping);
  const next = async (reading: Partial<Reading>) => {
    answer = { version: 6, since: 5, sources: [], destinations: [], mappings: [], unreadable: [], ...reading };
    await cache.refresh();
  };
  return { cache, asked, whole, mappings, next };
}

test('an edit replaces one record; the others stay the same objects, in their order', async () => {
  const { cache, asked, mappings, next } = await open();
  const [before, view] = [mappings(), cache.current];
  await next({ mappings: [aMapping({ id: id(500), filter: 'true' })] });
  expect(asked).toEqual([undefined, 5]);
  const after = mappings();
  expect(cache.current.version).toBe(6);
  expect(after.map((mapping) => mapping.id)).toEqual(before.map((mapping) => mapping.id));
  const changed = after.filter((mapping, i) => mapping !== before[i]);
  expect(changed.map((mapping: Mapping) => mapping.filter)).toEqual(['true']);
  expect(cache.current.sourceById(aSource().id)).toBe(view.sourceById(aSource().id));
  expect(cache.current.destination(aDestination().id)).toBe(view.destination(aDestination().id));
});

test('a reading that brings nothing new leaves everything as it is', async () => {
  const { cache, next } = await open();
  const view = cache.current;
  await next({ version: 5 });
  expect(cache.current).toBe(view);
});

test('new records are put in, deleted ones go', async () => {
  const { cache, mappings, next } = await open();
  await next({ mappings: [aMapping({ id: 'mapping0000000a' })], deleted: { mappings: [id(0), id(1)] } });
  expect(mappings()).toHaveLength(999);
  expect(cache.current.mapping(id(1))).toBeUndefined();
  expect(cache.current.mapping('mapping0000000a')).toBeDefined();
});

test('every record, where the store can not tell what changed', async () => {
  const { cache, whole, mappings, next } = await open();
  const [first] = mappings();
  await next({ ...whole, version: 90, since: undefined, mappings: whole.mappings.slice(0, 2) });
  expect(mappings()).toHaveLength(2);
  expect(mappings()[0]).toBe(first);
  await next({ version: 91, since: 90 });
  expect(cache.current.version).toBe(91);
});

test('a record that can not be read any more costs itself only, until it can', async () => {
  const { cache, mappings, next } = await open();
  await next({ unreadable: [lost('mapping', id(7))] });
  expect(mappings()).toHaveLength(999);
  expect(cache.current.mapping(id(7))).toBeUndefined();
  expect(cache.unreadableRecord(id(7))).toMatchObject({ problem: 'secrets' });
  await next({ version: 7, since: 6, unreadable: [lost('source', 'source000000009')] });
  expect(cache.current.unreadable.map((record) => record.id)).toEqual([id(7), 'source000000009']);
  await next({ version: 8, since: 7, mappings: [aMapping({ id: id(7) })] });
  expect(mappings()).toHaveLength(1000);
  expect(cache.current.unreadable.map((record) => record.id)).toEqual(['source000000009']);
  await next({ version: 9, since: 8, deleted: { sources: ['source000000009'] } });
  expect(cache.current.unreadable).toEqual([]);
});

test('the longest timeout follows the destinations', async () => {
  const { cache, next } = await open();
  expect(cache.current.longestTimeoutMs).toBe(30_000);
  await next({ destinations: [aDestination({ timeout_ms: 0 })] });
  expect(cache.current.longestTimeoutMs).toBe(15_000);
});
