import type {
  Configuration,
  Destination,
  Mapping,
  Source,
  UnreadableRecord,
} from '../../../api/src/model/configuration.ts';
import {
  createConfigurationCache,
  describeConfiguration,
  refuseUnreadable,
} from '../../../api/src/store/configuration.ts';
import { readFailedAgain } from '../../../api/src/store/configuration-cache.ts';
import { collectingLogger } from '../../support/logger.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A store whose readings the test ends by hand. */
function manualStore() {
  const readings: { succeed: (version: number, records?: Partial<Configuration>) => void; fail: () => void }[] = [];
  const { logger, lines } = collectingLogger();
  const cache = createConfigurationCache({
    load: (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        readings.push({
          succeed: (version, records = {}) =>
            resolve({
              version,
              sources: [],
              destinations: [],
              mappings: [],
              unreadable: [],
              ...records,
            }),
          fail: () => reject(new Error('away')),
        });
      }),
    logger,
  });
  /** Ends the newest reading. */
  const end = async (how: (reading: (typeof readings)[number]) => void) => {
    await turn();
    const reading = readings.at(-1);
    if (!reading) throw new Error('nothing is being read');
    how(reading);
    await turn();
  };
  return { cache, readings, lines, end };
}

test('knows nothing before the first reading', () => {
  const { cache } = manualStore();
  expect(cache.current.version).toBe(-1);
  expect(cache.current.sourceByName('github')).toBeUndefined();
});

test('looks records up, and routes of a source lead to destinations that exist', async () => {
  const { cache, end } = manualStore();
  const source = { id: 's1', name: 'github' } as Source;
  const destination = { id: 'd1' } as Destination;
  const mappings = ['d1', 'gone', 'd1'].map((to, i) => ({ id: `m${i}`, source: 's1', destination: to }) as Mapping);
  const read = cache.refresh();
  await end(({ succeed }) => succeed(3, { sources: [source], destinations: [destination], mappings }));
  await read;
  expect(cache.current.version).toBe(3);
  expect(cache.current.sourceByName('github')).toBe(source);
  expect(cache.current.sourceById('s1')).toBe(source);
  expect(cache.current.destination('d1')).toBe(destination);
  expect(cache.current.routesOf(source)).toEqual([
    { mapping: mappings[0], destination },
    { mapping: mappings[2], destination },
  ]);
  expect(cache.current.routesOf({ id: 's2' } as Source)).toEqual([]);
});

test.each([
  ['an older one', 4, 1],
  ['the same', 5, 1],
  ['a newer one', 6, 2],
])('told of %s', async (_name, version, readings) => {
  const store = manualStore();
  store.cache.seen(5);
  await store.end(({ succeed }) => succeed(5));
  store.cache.seen(version);
  await turn();
  expect(store.readings).toHaveLength(readings);
});

describe('told during a reading', () => {
  test('of more than was read: reads again, once', async () => {
    const { cache, readings, end } = manualStore();
    cache.seen(5);
    await turn();
    for (const version of [6, 7, 6]) cache.seen(version);
    await end(({ succeed }) => succeed(5));
    expect(readings).toHaveLength(2);
    await end(({ succeed }) => succeed(7));
    expect(cache.current.version).toBe(7);
    expect(readings).toHaveLength(2);
  });

  test('of what was read anyway, as by the very answer: does not read again', async () => {
    const { cache, readings, end } = manualStore();
    cache.seen(5);
    await turn();
    cache.seen(5);
    await end(({ succeed }) => succeed(5));
    expect(readings).toHaveLength(1);
  });

  test('that fails: leaves it to whoever tells next', async () => {
    const { cache, readings, lines, end } = manualStore();
    cache.seen(5);
    await turn();
    cache.seen(5);
    await end(({ fail }) => fail());
    expect(readings).toHaveLength(1);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', error: 'away' })]);
    cache.seen(5);
    await end(({ succeed }) => succeed(5));
    expect(cache.current.version).toBe(5);
  });
});

test('what failed is read again after a second, though nobody tells of a version, until it was read', async () => {
  const { cache, readings, end } = manualStore();
  const stopping = new AbortController();
  const pauses: { ms: number; over: () => void }[] = [];
  const sleep = (ms: number) => new Promise<void>((over) => pauses.push({ ms, over }));
  const reading = readFailedAgain([cache], sleep, stopping.signal);
  const pauseOver = async () => {
    pauses.at(-1)?.over();
    await turn();
  };
  await pauseOver();
  expect(readings).toHaveLength(0);
  cache.seen(5);
  await end(({ fail }) => fail());
  await pauseOver();
  await end(({ fail }) => fail());
  await pauseOver();
  await end(({ succeed }) => succeed(5));
  expect(cache.current.version).toBe(5);
  await pauseOver();
  expect(readings).toHaveLength(3);
  expect(new Set(pauses.map(({ ms }) => ms))).toEqual(new Set([1_000]));
  stopping.abort();
  await pauseOver();
  await reading;
});

test('a refresh asked for during a reading sees what was written before it was asked for', async () => {
  const { cache, readings, end } = manualStore();
  const first = cache.refresh();
  await turn();
  let ended = false;
  const second = cache.refresh().then(() => {
    ended = true;
  });
  await end(({ succeed }) => succeed(1));
  await first;
  expect(ended).toBe(false);
  expect(readings).toHaveLength(2);
  await end(({ succeed }) => succeed(2));
  await second;
  expect(cache.current.version).toBe(2);
});

test('a refresh that fails rejects, and what was known stays in force', async () => {
  const { cache, end } = manualStore();
  const first = cache.refresh();
  await end(({ succeed }) => succeed(1));
  await first;
  const second = expect(cache.refresh()).rejects.toThrow('away');
  await end(({ fail }) => fail());
  await second;
  expect(cache.current.version).toBe(1);
});

test('a reading that was overtaken does not bring the past back', async () => {
  const { cache, end } = manualStore();
  for (const version of [4, 3]) {
    const read = cache.refresh();
    await end(({ succeed }) => succeed(version));
    await read;
  }
  expect(cache.current.version).toBe(4);
});

test('a record keeps its identity until something in it changes', async () => {
  const { cache, end } = manualStore();
  const records = (filter: string): Partial<Configuration> => ({
    sources: [{ id: 's1', name: 'github', extract: { a: 'body.a' } } as unknown as Source],
    mappings: [
      { id: 'm1', source: 's1', filter } as Mapping,
      { id: 'm2', source: 's1', template: { a: 1 } } as unknown as Mapping,
    ],
  });
  const read = async (version: number, filter: string) => {
    const reading = cache.refresh();
    await end(({ succeed }) => succeed(version, records(filter)));
    await reading;
    return [cache.current.sourceById('s1'), cache.current.mapping('m1'), cache.current.mapping('m2')];
  };
  const [source, edited, same] = await read(1, 'true');
  const after = await read(2, 'false');
  expect(after[0]).toBe(source);
  expect(after[1]).not.toBe(edited);
  expect(after[1]).toMatchObject({ filter: 'false' });
  expect(after[2]).toBe(same);
});

describe('records that can not be read', () => {
  const lost = (fields: Partial<UnreadableRecord>): UnreadableRecord => ({
    ...{ kind: 'destination', id: 'd2', name: 'lost', enabled: true, problem: 'secrets', source: '', destination: '' },
    ...fields,
  });

  test('break the routes that they are part of, and no other', async () => {
    const { cache, end } = manualStore();
    const source = { id: 's1', name: 'github' } as Source;
    const destination = { id: 'd1' } as Destination;
    const mappings = ['d1', 'd2'].map((to) => ({ id: `m-${to}`, source: 's1', destination: to }) as Mapping);
    const destinationLost = lost({});
    const mappingLost = lost({ kind: 'mapping', id: 'm3', source: 's1', destination: 'd1' });
    const sourceLost = lost({ kind: 'source', id: 's2', name: 'stripe' });
    const unreadable = [destinationLost, mappingLost, sourceLost];
    const read = cache.refresh();
    await end(({ succeed }) => succeed(3, { sources: [source], destinations: [destination], mappings, unreadable }));
    await read;
    expect(cache.current.routesOf(source)).toEqual([{ mapping: mappings[0], destination }]);
    expect(cache.current.brokenRoutesOf(source)).toEqual([
      { mapping: 'm-d2', destination: 'd2', unreadable: destinationLost },
      { mapping: 'm3', destination: 'd1', unreadable: mappingLost },
    ]);
    expect(cache.current.undeliverable).toEqual(['d2']);
    expect(cache.current.unreadableSource('stripe')).toBe(sourceLost);
    expect(cache.current.unreadableSource('lost')).toBeUndefined();
    expect(() => refuseUnreadable(cache.current, 'd2')).toThrow('The destination d2 is out of service: secrets');
    expect(() => refuseUnreadable(cache.current, 'd1')).not.toThrow();
  });

  test('are logged once for each change', async () => {
    const { cache, end, lines } = manualStore();
    const read = async (version: number, ...unreadable: UnreadableRecord[]) => {
      const reading = cache.refresh();
      await end(({ succeed }) => succeed(version, { unreadable }));
      await reading;
    };
    await read(1, lost({}));
    await read(2, lost({}));
    await read(3, lost({ problem: 'headers' }), lost({ id: 'd3' }));
    await read(4, lost({ id: 'd3' }));
    const said = lines.map(({ level, destination, problem }) => [level, destination, problem]);
    expect(said).toEqual([
      ['warn', 'd2', 'secrets'],
      ['warn', 'd2', 'headers'],
      ['warn', 'd3', 'secrets'],
      ['info', 'd2', undefined],
    ]);
  });

  test('are described by id; so is a reading that failed', async () => {
    const { cache, end } = manualStore();
    expect(describeConfiguration(cache)).toMatch(/not been read yet/);
    const first = cache.refresh();
    await end(({ succeed }) => succeed(1, { unreadable: [] }));
    await first;
    expect(describeConfiguration(cache)).toBeUndefined();
    const second = cache.refresh();
    await end(({ succeed }) =>
      succeed(2, { unreadable: Array.from({ length: 12 }, (_, i) => lost({ id: `d${i}`, name: 'a name' })) }),
    );
    await second;
    expect(describeConfiguration(cache)).toMatch(/^out of service: destination d0: secrets .*d9: secrets and 2 more$/);
    expect(describeConfiguration(cache)).not.toContain('a name');
    const third = cache.refresh().catch(() => undefined);
    await end(({ fail }) => fail());
    await third;
    expect(describeConfiguration(cache)).toMatch(/^the last reading failed .*version 2 stays in force; out of service/);
  });
});

test('closed, it ends the reading under way without a word, and reads nothing any more', async () => {
  const { cache, readings, lines } = manualStore();
  const reading = cache.refresh();
  cache.seen(8);
  await Promise.all([expect(reading).rejects.toThrow('aborted'), cache.close()]);
  cache.seen(9);
  await turn();
  expect([readings.length, cache.failing, lines]).toEqual([1, false, []]);
});
