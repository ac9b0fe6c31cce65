import type { Event } from '../../api/src/model/event.ts';
import type { AcceptedDelivery, AcceptItem } from '../../api/src/store/queue.ts';
import { makeId } from '../support/records.ts';
import {
  acceptOne,
  aDeliveryTo,
  anEventOf,
  claimIds,
  claimOne,
  type QueueFixture,
  settlement,
} from './queue.fixture.ts';

const UNKNOWN_ID = 'unknown00000000';

export function acceptCases(fixture: () => QueueFixture): void {
  test('an event without deliveries is stored', async () => {
    const event = anEventOf(fixture());
    const [result] = await fixture()
      .queue()
      .accept([{ event, deliveries: [] }]);
    expect(result).toMatchObject({ status: 'accepted', leased: [] });
    expect(await fixture().event(event.id)).toMatchObject({ duplicates: 0 });
  });

  test('positions follow the order of acceptance: an event, then its deliveries, then the next event', async () => {
    const destination = await fixture().addDestination();
    const first = [aDeliveryTo(destination), aDeliveryTo(destination)];
    const results = await fixture()
      .queue()
      .accept([
        { event: anEventOf(fixture()), deliveries: first },
        { event: anEventOf(fixture()), deliveries: [] },
      ]);
    const later = await acceptOne(fixture(), []);
    const rows = await Promise.all(first.map(({ id }) => fixture().delivery(id)));
    const seqs = [seqOf(results[0]), rows[0]?.seq, rows[1]?.seq, seqOf(results[1]), later.seq];
    expect(seqs).toEqual([...seqs].sort((a, b) => Number(a) - Number(b)));
    expect(new Set(seqs).size).toBe(5);
  });

  describe('a bad item fails alone', () => {
    const foreign = makeId();
    const bad: [string, (destination: string) => AcceptItem][] = [
      ['an id of another form', () => ({ event: anEventOf(fixture(), { id: 'NOT-AN-ID' }), deliveries: [] })],
      ['an unknown account', () => ({ event: anEventOf(fixture(), { account: UNKNOWN_ID }), deliveries: [] })],
      ["a delivery's id of another form", (d) => withDeliveries([aDeliveryTo(d), aDeliveryTo(d, { id: 'x' })])],
      ['a delivery of another event', (d) => withDeliveries([aDeliveryTo(d), aDeliveryTo(d, { id: foreign })])],
      ['a replay of an unknown event', (d) => replayOf(UNKNOWN_ID, [aDeliveryTo(d)])],
      ['a batch with one bad event', (d) => ({ batch: [withDeliveries([aDeliveryTo(d)]), badEvent()] })],
      [
        'a batch with one bad delivery',
        (d) => ({ batch: [withDeliveries([aDeliveryTo(d)]), withDeliveries([aDeliveryTo(d, { id: 'x' })])] }),
      ],
    ];
    const badEvent = () => ({ event: anEventOf(fixture(), { account: UNKNOWN_ID }), deliveries: [] });
    const withDeliveries = (deliveries: AcceptedDelivery[]) => ({ event: anEventOf(fixture()), deliveries });

    test.each(bad)('%s', async (_name, make) => {
      const destination = await fixture().addDestination();
      const before = [
        { event: anEventOf(fixture()), deliveries: [aDeliveryTo(destination, { id: foreign })] },
        { event: anEventOf(fixture()), deliveries: [] },
      ];
      const item = make(destination);
      const after = { event: anEventOf(fixture()), deliveries: [] };
      const results = await fixture()
        .queue()
        .accept([...before, item, after]);
      expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'failed', 'accepted']);
      expect(results[2]).toEqual({ status: 'failed', message: expect.stringMatching(/.{10}/) });
      if ('event' in item) expect(await fixture().event(item.event.id)).toBeUndefined();
      if ('batch' in item) for (const { event } of item.batch) expect(await fixture().event(event.id)).toBeUndefined();
      const [unstored] = 'batch' in item ? (item.batch[0]?.deliveries ?? []) : item.deliveries;
      if (unstored) expect(await fixture().delivery(unstored.id)).toBeUndefined();
    });
  });

  describe('duplicates', () => {
    test('the second of a source is counted on the first, and nothing of it is stored', async () => {
      const destination = await fixture().addDestination();
      const first = anEventOf(fixture(), { dedupe_key: 'k' });
      const second = anEventOf(fixture(), { dedupe_key: 'k' });
      const delivery = aDeliveryTo(destination, { lease: true });
      const queue = fixture().queue();
      await queue.accept([{ event: first, deliveries: [] }]);
      expect(await queue.accept([{ event: second, deliveries: [delivery] }])).toEqual([
        { status: 'duplicate', id: first.id },
      ]);
      expect(await fixture().event(second.id)).toBeUndefined();
      expect(await fixture().delivery(delivery.id)).toBeUndefined();
      expect(await fixture().event(first.id)).toMatchObject({ duplicates: 1 });
    });

    test('in one batch too', async () => {
      const [first, second] = [anEventOf(fixture(), { dedupe_key: 'k' }), anEventOf(fixture(), { dedupe_key: 'k' })];
      const results = await fixture()
        .queue()
        .accept([
          { event: first, deliveries: [] },
          { event: second, deliveries: [] },
        ]);
      expect(results).toEqual([expect.objectContaining({ status: 'accepted' }), { status: 'duplicate', id: first.id }]);
    });

    test.each([
      ['no key', { dedupe_key: '' }, { dedupe_key: '' }],
      ['other keys', { dedupe_key: 'a' }, { dedupe_key: 'b' }],
      ['other sources', { dedupe_key: 'a' }, { dedupe_key: 'a', source: 'anothersource00' }],
    ])('%s: none', async (_name, one, other) => {
      const items = [one, other].map((fields) => ({ event: anEventOf(fixture(), fields), deliveries: [] }));
      const results = await fixture().queue().accept(items);
      expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    });
  });

  describe('the events of one request', () => {
    test('are stored together, each with its deliveries; a duplicate is counted on the first', async () => {
      const destination = await fixture().addDestination();
      const known = anEventOf(fixture(), { dedupe_key: 'known' });
      const queue = fixture().queue();
      await queue.accept([{ event: known, deliveries: [] }]);
      const [one, again, twice, other] = ['new', 'known', 'new', ''].map((dedupe_key, i) =>
        anEventOf(fixture(), { dedupe_key, item: i + 1 }),
      ) as [Event, Event, Event, Event];
      const leased = aDeliveryTo(destination, { lease: true });
      const batch = [
        { event: one, deliveries: [leased, aDeliveryTo(destination)] },
        { event: again, deliveries: [aDeliveryTo(destination)] },
        { event: twice, deliveries: [aDeliveryTo(destination)] },
        { event: other, deliveries: [] },
      ];
      expect(await queue.accept([{ batch }])).toEqual([
        {
          status: 'batch',
          lease_expires_at: expect.any(Number),
          results: [
            { status: 'accepted', seq: expect.any(Number), leased: [leased.id] },
            { status: 'duplicate', id: known.id },
            { status: 'duplicate', id: one.id },
            { status: 'accepted', seq: expect.any(Number), leased: [] },
          ],
        },
      ]);
      expect(await fixture().event(one.id)).toMatchObject({ item: 1, duplicates: 1 });
      expect(await fixture().event(known.id)).toMatchObject({ duplicates: 1 });
      expect(await fixture().event(again.id)).toBeUndefined();
    });

    test('repeated with the same ids, are stored once', async () => {
      const destination = await fixture().addDestination();
      const batch = [1, 2].map((item) => ({
        event: anEventOf(fixture(), { item }),
        deliveries: [aDeliveryTo(destination, { lease: true })],
      }));
      const queue = fixture().queue();
      const [first] = await queue.accept([{ batch }]);
      const [second] = await queue.accept([{ batch }]);
      expect(second).toEqual({ ...first, lease_expires_at: expect.any(Number) });
    });
  });

  describe('repeated with the same ids', () => {
    test('is answered the same and stored once', async () => {
      const destination = await fixture().addDestination();
      const item = {
        event: anEventOf(fixture(), { dedupe_key: 'k' }),
        deliveries: [aDeliveryTo(destination, { lease: true }), aDeliveryTo(destination)],
      };
      const queue = fixture().queue();
      const [first] = await queue.accept([item]);
      const [again] = await queue.accept([item]);
      expect(first).toMatchObject({ status: 'accepted', leased: [item.deliveries[0]?.id] });
      expect(again).toMatchObject({ status: 'accepted', seq: seqOf(first), leased: [item.deliveries[0]?.id] });
      expect(await fixture().event(item.event.id)).toMatchObject({ duplicates: 0 });
      expect((await queue.stats()).depth).toEqual({ pending: 1, delivering: 1, held: 0 });
    });

    test.each([
      ['another process', async () => undefined, 'other'],
      [
        'what was settled meanwhile',
        async (id: string) =>
          void (await fixture()
            .queue()
            .settle([settlement({ id, lease_token: 1 })])),
        'process-1',
      ],
      ['a lease that ran out', async (id: string) => fixture().shift(id, { lease_until: -1 }), 'process-1'],
    ])('leases nothing to or of %s', async (_name, meanwhile, owner) => {
      const delivery = aDeliveryTo(await fixture().addDestination(), { lease: true });
      const item = { event: anEventOf(fixture()), deliveries: [delivery] };
      await fixture().queue().accept([item]);
      await meanwhile(delivery.id);
      const [again] = await fixture().queue(owner).accept([item]);
      expect(again).toMatchObject({ status: 'accepted', leased: [] });
    });
  });

  describe('leases what was asked for, as far as the destination takes it', () => {
    const wanted = { lease: true };
    test.each([
      ['not asked', {}, [{}], ['pending']],
      ['asked', {}, [wanted, {}], ['delivering', 'pending']],
      [
        'up to its concurrency',
        { max_concurrency: 2 },
        [wanted, wanted, wanted],
        ['delivering', 'delivering', 'pending'],
      ],
      ['one at a time if ordered', { ordered: true }, [wanted, wanted], ['delivering', 'pending']],
      ['behind what waits if ordered', { ordered: true }, [{}, wanted], ['pending', 'pending']],
      ['nothing while it is disabled', { enabled: false }, [wanted, {}], ['held', 'held']],
      ['whatever the plan said of it', {}, [{ state: 'held' as const }], ['pending']],
    ])('%s', async (_name, settings, asked, states) => {
      const destination = await fixture().addDestination(settings);
      const planned = asked.map((fields) => aDeliveryTo(destination, fields));
      const before = performance.now();
      const { leased, lease_expires_at } = await acceptOne(fixture(), planned);
      const rows = await Promise.all(planned.map(({ id }) => fixture().delivery(id)));
      expect(rows.map((row) => row?.state)).toEqual(states);
      expect(leased).toEqual(planned.filter((_, i) => states[i] === 'delivering').map(({ id }) => id));
      for (const row of rows) expect(row?.lease_token).toBe(row?.state === 'delivering' ? 1 : 0);
      expect(lease_expires_at).toBeGreaterThan(before);
    });

    test('counting what other processes have under way', async () => {
      const destination = await fixture().addDestination({ max_concurrency: 1 });
      await acceptOne(fixture(), [aDeliveryTo(destination, wanted)], fixture().queue('other'));
      expect(await acceptOne(fixture(), [aDeliveryTo(destination, wanted)])).toMatchObject({ leased: [] });
    });

    test('a destination that is gone cancels its delivery', async () => {
      const delivery = aDeliveryTo(UNKNOWN_ID, wanted);
      expect(await acceptOne(fixture(), [delivery])).toMatchObject({ leased: [] });
      expect(await fixture().delivery(delivery.id)).toMatchObject({ state: 'cancelled' });
    });
  });

  describe('replays', () => {
    test('add deliveries to a stored event, once, with who asked', async () => {
      const destination = await fixture().addDestination();
      const event = anEventOf(fixture());
      const queue = fixture().queue();
      const [first] = await queue.accept([{ event, deliveries: [] }]);
      const delivery = aDeliveryTo(destination, { lease: true });
      const item = replayOf(event.id, [delivery]);
      const answers = [await queue.accept([item]), await queue.accept([item])].flat();
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 'accepted', seq: seqOf(first), leased: [delivery.id] });
      expect(await fixture().delivery(delivery.id)).toMatchObject({ state: 'delivering', replay: 'original' });
      expect((await queue.stats()).depth.delivering).toBe(1);
      expect(await fixture().audit(event.id)).toEqual(['operator:a@b.c event.replay']);
    });

    test("send the event's own body when nothing was rendered", async () => {
      const destination = await fixture().addDestination();
      const event = anEventOf(fixture(), { body: 'AAECww==', body_encoding: 'base64', content_type: 'image/x' });
      const queue = fixture().queue();
      await queue.accept([{ event, deliveries: [] }]);
      await queue.accept([replayOf(event.id, [aDeliveryTo(destination, { passthrough: true, request_body: '' })])]);
      expect(await claimOne(queue)).toMatchObject({
        request_body: 'AAECww==',
        request_body_encoding: 'base64',
        request_content_type: 'image/x',
      });
      expect(await claimIds(queue)).toEqual([]);
    });
  });
}

function replayOf(event: string, deliveries: AcceptedDelivery[]): AcceptItem {
  return { replay: { event, mode: 'original', actor: 'operator:a@b.c' }, deliveries };
}

function seqOf(result: { status: string } | undefined): number | undefined {
  return result && 'seq' in result ? (result.seq as number) : undefined;
}
