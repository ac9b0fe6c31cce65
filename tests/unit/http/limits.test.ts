import { addressBlock } from '../../../api/src/http/address-block.ts';
import { createBoundedCounters } from '../../../api/src/http/bounded-counters.ts';

describe('what counts as one address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:DB8:1:2::', '2001:db8:1:2::'],
    ['2001:db8:1:3::1', '2001:db8:1:3::'],
    ['fe80::1%eth0', 'fe80::'],
    ['::1', '::'],
    ['unknown', 'other'],
    ['192.0.2.7:1234', 'other'],
    ['', 'other'],
    [undefined, 'other'],
  ])('%s is %s', (address, block) => expect(addressBlock(address)).toBe(block));
});

describe('bounded counters', () => {
  let time = 1_000;
  const make = (countersAtMost: number) => createBoundedCounters({ windowMs: 60_000, countersAtMost, now: () => time });
  const hits = async (store: ReturnType<typeof make>, key: string) => (await store.increment(key)).totalHits;

  test('count from the first hit on, for the time of a window', async () => {
    const store = make(10);
    expect([await hits(store, 'a'), await hits(store, 'a'), await hits(store, 'b')]).toEqual([1, 2, 1]);
    time += 59_000;
    expect((await store.increment('a')).resetTime).toEqual(new Date(61_000));
    time += 1_001;
    expect(await hits(store, 'a')).toBe(1);
  });

  test('forget those that were not used for the longest time, and hold no more than they may', async () => {
    const store = make(1_000);
    for (let n = 0; n < 100_000; n++) {
      await store.increment(`invented ${n}`);
      if (n % 900 === 0) await store.increment('used all the time');
    }
    expect(await hits(store, 'used all the time')).toBeGreaterThan(100);
    expect(await hits(store, 'invented 0')).toBe(1);
    const remembered = [];
    // From the newest on: a look makes its counter the newest.
    for (let n = 99_999; n > 97_000; n--) if ((await hits(store, `invented ${n}`)) > 1) remembered.push(n);
    expect(remembered.length).toBeLessThanOrEqual(1_000);
  });

  test('a hit that is taken back never leaves less than none', async () => {
    const store = make(10);
    await store.decrement('a');
    await store.increment('a');
    await store.decrement('a');
    await store.decrement('a');
    expect(await hits(store, 'a')).toBe(1);
  });
});
