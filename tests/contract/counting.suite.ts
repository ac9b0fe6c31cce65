import type { Counting } from '../../api/src/store/counting.ts';
import type { MemoryHits } from '../support/memory-counting.ts';

/** What the suite asks of an implementation besides the port: to have been reported hits just now. */
export interface CountingFixture {
  counting: Counting;
  hit(...hit: Parameters<MemoryHits['hit']>): Promise<void>;
  complete(...completion: Parameters<MemoryHits['complete']>): Promise<void>;
  drop(...dropped: Parameters<MemoryHits['drop']>): Promise<void>;
  /** What was reported can be counted when it resolves. */
  read(): Promise<void>;
  /** What an origin tells besides: each completion by itself, what it dropped, and what was before anybody kept values. */
  tells: { completions: boolean; dropped: boolean; past: boolean };
  close(): Promise<void>;
}

export const SITE = 'site00000000001';
export const QUIET = 'site00000000002';
export const GOAL = 'goal00000000001';
export const OTHER = 'goal00000000002';
const WINDOW = { site: SITE, window_s: 300 };
const SLOT_MS = 300_000;

/** The counting port's promises, kept by every implementation. */
export function countingSuite(open: () => Promise<CountingFixture>): void {
  let fixture: CountingFixture;
  let counting: Counting;
  beforeAll(async () => {
    fixture = await open();
    counting = fixture.counting;
    await fixture.hit(SITE, 'ann', { page: '/launch', source: 'news.example' });
    await fixture.hit(SITE, 'ann', { page: '/launch', source: 'news.example' });
    await fixture.hit(SITE, 'bob', { page: '/', source: '' });
    await fixture.hit(SITE, 'eve', { page: '/launch', source: 'news.example' });
    await fixture.drop(SITE, 'bot');
    await fixture.drop(SITE, 'bot');
    await fixture.drop(SITE, 'page');
    await fixture.complete(SITE, GOAL, { page: '/a', amount: '9.90', currency: 'EUR' });
    await fixture.complete(SITE, OTHER);
    await fixture.complete(SITE, GOAL, { page: '/b', amount: '0.2', currency: 'EUR' });
    await fixture.complete(SITE, GOAL, { page: '/c', amount: '5', currency: 'USD' });
    await fixture.read();
  });
  afterAll(() => fixture?.close());

  const goal = (fields: object) => ({ goal: GOAL, after: 0, offset: 0, currency: '', ...fields });

  test('visitors are distinct, by site and window', async () => {
    const { now, counts } = await counting.countVisitors([
      WINDOW,
      { site: QUIET, window_s: 300 },
      { ...WINDOW, window_s: 86_400 },
    ]);
    expect(counts.map((count) => count?.value)).toEqual([3, 0, 3]);
    for (const count of counts) expect(Math.abs((count?.at ?? 0) - now)).toBeLessThan(60_000);
    expect(Math.abs(now - Date.now())).toBeLessThan(600_000);
  });

  test('sites without a hit are not known', async () => {
    const sites = await counting.readSites([SITE, QUIET]);
    expect([...sites.keys()]).toEqual([SITE]);
    const { first_hit = 0, last_hit = 0 } = sites.get(SITE) ?? {};
    expect(first_hit).toBeGreaterThan(0);
    expect(last_hit).toBeGreaterThanOrEqual(first_hit);
  });

  test('sites are told once for each cursor', async () => {
    const { sites, cursor } = await counting.readTouched('');
    expect(sites).toEqual([SITE]);
    expect(await counting.readTouched(cursor)).toEqual({ sites: [], cursor });
    await fixture.hit(SITE, 'ann', { page: '/launch', source: 'news.example' });
    await fixture.read();
    expect((await counting.readTouched(cursor)).sites).toEqual([SITE]);
  });

  test('completions are counted from a position on', async () => {
    const { items } = await counting.countCompletions([
      goal({ currency: 'EUR' }),
      goal({ offset: 2 }),
      goal({ offset: 3 }),
      goal({ goal: OTHER }),
      goal({ after: -1 }),
    ]);
    const [all, third, none, other, newest] = items;
    const told = (revenue: string, next: object) =>
      fixture.tells.completions ? { revenue, next } : { revenue: '', next: { page: '', amount: '', currency: '' } };
    expect(all).toMatchObject({ count: 3, ...told('10.10', { page: '/a', amount: '9.90', currency: 'EUR' }) });
    expect(third).toMatchObject({ count: 3, ...told('', { page: '/c' }) });
    expect(none).toMatchObject({ count: 3, next: null });
    expect(other).toMatchObject({ count: 1 });
    expect(newest).toMatchObject({ count: 0, last_seq: all?.last_seq });
    const after = all?.next?.seq ?? 0;
    expect((await counting.countCompletions([goal({ after })])).items[0]).toMatchObject({
      count: 2,
      ...told('', { page: '/b' }),
    });
    expect((await counting.countCompletions([goal({ after: all?.last_seq ?? 0 })])).items[0]).toEqual({
      count: 0,
      revenue: '',
      last_seq: all?.last_seq,
      next: null,
    });
  });

  test('the most seen pages and sources', async () => {
    const { pages, sources } = await counting.readTop(WINDOW, 1);
    expect(pages).toEqual([{ page: '/launch', pageviews: expect.any(Number) }]);
    expect(sources).toEqual([{ source: 'news.example', visitors: 2 }]);
    expect((await counting.readTop(WINDOW, 3)).sources[1]).toEqual({ source: '', visitors: 1 });
    expect(await counting.readTop({ site: QUIET, window_s: 300 }, 3)).toEqual({ pages: [], sources: [] });
  });

  test('dropped hits by reason, the most frequent first', async () => {
    const dropped = [
      { reason: 'bot', count: 2 },
      { reason: 'page', count: 1 },
    ];
    expect(await counting.readDropped(SITE, Date.now() - 1_000)).toEqual(fixture.tells.dropped ? dropped : []);
    expect(await counting.readDropped(QUIET, 0)).toEqual([]);
  });

  test('values stay as they were first kept, and none is not 0', async () => {
    const slot = Math.floor(Date.now() / SLOT_MS);
    await counting.saveValues(slot, [{ ...WINDOW, value: 7 }]);
    await counting.saveValues(slot, [
      { ...WINDOW, value: 8 },
      { site: GOAL, window_s: 300, value: 0 },
    ]);
    const unknown = {
      asymmetricMatch: (value: unknown) => value === null || (fixture.tells.past && Number(value) >= 0),
    };
    expect(await counting.readValues(WINDOW, slot - 1, slot + 1)).toEqual([unknown, 7]);
    expect(await counting.readValues({ site: GOAL, window_s: 300 }, slot - 1, slot + 1)).toEqual([null, 0]);
    const readHours = () =>
      counting.readHours([
        { ...WINDOW, hours: [slot - 11, slot - 23] },
        { site: QUIET, window_s: 300, hours: [slot] },
      ]);
    // What is not at hand yet is fetched.
    await readHours();
    await fixture.read();
    expect(await readHours()).toEqual([
      [...Array(11).fill(unknown), 7, ...Array(12).fill(unknown)],
      Array(12).fill(unknown),
    ]);
  });
}
