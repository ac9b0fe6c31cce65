import {
  acceptOne,
  acceptWaiting,
  aDeliveryTo,
  anEventOf,
  claimIds,
  claimOne,
  type QueueFixture,
  RETRY_NOW,
  settlement,
} from './queue.fixture.ts';

export function claimCases(fixture: () => QueueFixture): void {
  test('gives all that an attempt needs', async () => {
    const destination = await fixture().addDestination();
    const event = anEventOf(fixture(), { traceparent: '00-1-2-01', hops: 2 });
    const request_values = { 'body.title': 'ü "{}"', 'body.n + 1': '' };
    const delivery = aDeliveryTo(destination, { request_body: 'ü "{}"', request_values, expires_in_ms: 60_000 });
    await fixture()
      .queue()
      .accept([{ event, deliveries: [delivery] }]);
    const before = performance.now();
    const claim = await fixture().queue().claim(10, 10);
    expect(claim.deliveries).toEqual([
      {
        id: delivery.id,
        account: fixture().account,
        event: {
          id: event.id,
          source: fixture().source,
          type: 'order.paid',
          correlation_id: 'correlation-1',
          traceparent: '00-1-2-01',
          hops: 2,
        },
        mapping: delivery.mapping,
        destination,
        lease_token: 1,
        attempts_made: 0,
        tries_used: 0,
        request_body: 'ü "{}"',
        request_body_encoding: 'utf8',
        request_content_type: 'text/plain',
        request_values,
        expires_at: (await fixture().delivery(delivery.id))?.expires_at,
      },
    ]);
    expect(claim.lease_expires_at).toBeGreaterThan(before);
    expect(await fixture().delivery(delivery.id)).toMatchObject({ state: 'delivering', lease_token: 1 });
  });

  test('takes what is due, not what is due later, and nothing twice', async () => {
    const [due, later] = (await acceptWaiting(fixture(), await fixture().addDestination(), 2)) as [string, string];
    await fixture().shift(later, { next_attempt_at: 60_000 });
    expect(await claimIds(fixture().queue())).toEqual([due]);
    expect(await claimIds(fixture().queue('other'))).toEqual([]);
    await fixture().shift(later, { next_attempt_at: -1 });
    expect(await claimIds(fixture().queue())).toEqual([later]);
  });

  test('what a process can not deliver to waits, for it or for another process', async () => {
    const [sealed, well] = [await fixture().addDestination(), await fixture().addDestination()];
    const [waiting] = await acceptWaiting(fixture(), sealed, 3);
    const [due] = await acceptWaiting(fixture(), well);
    const queue = fixture().queue();
    const claim = await queue.claim(10, 10, undefined, [sealed]);
    expect(claim.deliveries.map(({ id }) => id)).toEqual([due]);
    expect(claim.next_due_in_ms).toBeUndefined();
    expect((await fixture().delivery(waiting as string))?.state).toBe('pending');
    expect((await fixture().queue('other').claim(10, 10)).deliveries).toHaveLength(3);
  });

  test('processes that claim at once share out, with no overlap', async () => {
    const ids = await acceptWaiting(fixture(), await fixture().addDestination(), 20);
    const shares = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claimIds(fixture().queue(owner), 6)));
    expect(shares.flat().sort()).toEqual(ids.sort());
  });

  test('takes no more than the limit, the oldest first', async () => {
    const ids = await acceptWaiting(fixture(), await fixture().addDestination(), 5);
    expect(await claimIds(fixture().queue(), 2)).toEqual(ids.slice(0, 2));
    expect(await claimIds(fixture().queue(), 2)).toEqual(ids.slice(2, 4));
  });

  test('ends once the bodies are long enough, and leases one however long it is', async () => {
    const destination = await fixture().addDestination();
    const deliveries = ['short', 'l'.repeat(1_000), 'short', 'short'].map((request_body) =>
      aDeliveryTo(destination, { request_body }),
    );
    await acceptOne(fixture(), deliveries);
    const claimed = async (maxLength: number) =>
      (await fixture().queue().claim(100, 100, maxLength)).deliveries.map(({ id }) => id);
    const [first, long, third, last] = deliveries.map(({ id }) => id);
    expect(await claimed(1)).toEqual([first]);
    expect(await claimed(1)).toEqual([long]);
    expect(await claimed(6)).toEqual([third, last]);
  });

  test.each([
    ['as the process wants', {}, 3, [3, 0]],
    ['as the destination allows', { max_concurrency: 2 }, 3, [2, 0]],
  ])('has no more under way for one destination than %s', async (_name, settings, perDestination, counts) => {
    const destination = await fixture().addDestination(settings);
    await acceptWaiting(fixture(), destination, 10);
    for (const count of counts) expect(await claimIds(fixture().queue(), 100, perDestination)).toHaveLength(count);
    const [free] = (await fixture().queue('other').claim(1, 1)).deliveries;
    expect(Boolean(free)).toBe(!('max_concurrency' in settings));
  });

  test('a settlement makes room', async () => {
    const destination = await fixture().addDestination({ max_concurrency: 1 });
    const [first, second] = await acceptWaiting(fixture(), destination, 2);
    const queue = fixture().queue();
    const leased = await claimOne(queue);
    expect(leased.id).toBe(first);
    expect(await claimIds(queue)).toEqual([]);
    await queue.settle([settlement(leased)]);
    expect(await claimIds(queue)).toEqual([second]);
  });

  test('is fair: a long queue of one destination delays no other', async () => {
    const [long, short, other] = await Promise.all([1, 2, 3].map(() => fixture().addDestination()));
    await acceptWaiting(fixture(), long as string, 10);
    const [a] = await acceptWaiting(fixture(), short as string);
    const [b] = await acceptWaiting(fixture(), other as string);
    const claimed = await claimIds(fixture().queue(), 4);
    expect(claimed).toHaveLength(4);
    expect(claimed).toEqual(expect.arrayContaining([a, b]));
  });

  test('with more destinations than the limit, each gets its turn', async () => {
    for (let i = 0; i < 6; i++) await acceptWaiting(fixture(), await fixture().addDestination(), 3);
    const served = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const { deliveries } = await fixture().queue().claim(1, 1);
      for (const { destination } of deliveries) served.add(destination);
    }
    expect(served.size).toBe(6);
  });

  describe('an ordered destination', () => {
    test('gives its oldest unfinished delivery, or none', async () => {
      const destination = await fixture().addDestination({ ordered: true });
      const [first, second] = (await acceptWaiting(fixture(), destination, 2)) as [string, string];
      const queue = fixture().queue();
      expect(await claimIds(queue)).toEqual([first]);
      expect(await claimIds(queue)).toEqual([]);
      await queue.settle([settlement({ id: first, lease_token: 1 }, { ...RETRY_NOW, retry_in_ms: 60_000 })]);
      expect(await claimIds(queue)).toEqual([]);
      await fixture().shift(first, { next_attempt_at: -1 });
      expect(await claimIds(queue)).toEqual([first]);
      await queue.settle([
        settlement({ id: first, lease_token: 2 }, { state: 'dead', retry_in_ms: 0, used_try: true }),
      ]);
      expect(await claimIds(queue)).toEqual([second]);
    });
  });

  describe('a lease that ran out', () => {
    test('goes to whoever claims next, under a new token', async () => {
      const [id] = (await acceptWaiting(fixture(), await fixture().addDestination())) as [string];
      expect(await claimOne(fixture().queue('crashed'))).toMatchObject({ id, lease_token: 1 });
      expect(await claimIds(fixture().queue())).toEqual([]);
      await fixture().shift(id, { lease_until: -1 });
      expect(await claimOne(fixture().queue())).toMatchObject({ id, lease_token: 2, attempts_made: 0 });
    });

    test('of an accept too', async () => {
      const delivery = aDeliveryTo(await fixture().addDestination(), { lease: true });
      await acceptOne(fixture(), [delivery]);
      await fixture().shift(delivery.id, { lease_until: -1 });
      expect(await claimOne(fixture().queue('other'))).toMatchObject({ id: delivery.id, lease_token: 2 });
    });

    test('five times in a row ends the delivery: it may be what kills the process', async () => {
      const [id] = (await acceptWaiting(fixture(), await fixture().addDestination())) as [string];
      for (let claims = 1; claims <= 5; claims++) {
        expect(await claimIds(fixture().queue())).toEqual([id]);
        await fixture().shift(id, { lease_until: -1 });
      }
      expect(await claimIds(fixture().queue())).toEqual([]);
      expect(await fixture().delivery(id)).toMatchObject({
        state: 'dead',
        attempts_made: 0,
        last_error: expect.stringContaining('5 times'),
      });
    });

    test('counts anew after a result', async () => {
      const [id] = (await acceptWaiting(fixture(), await fixture().addDestination())) as [string];
      for (let round = 0; round < 7; round++) {
        const leased = await claimOne(fixture().queue());
        if (round === 3)
          await fixture()
            .queue()
            .settle([settlement(leased, RETRY_NOW)]);
        else await fixture().shift(id, { lease_until: -1 });
      }
      expect(await claimIds(fixture().queue())).toEqual([id]);
    });
  });

  test('what waited past its time expires, held or not; what is under way is left to its process', async () => {
    const destination = await fixture().addDestination();
    const [underWay, pending] = (await acceptWaiting(fixture(), destination, 2)) as [string, string];
    const off = await fixture().addDestination({ enabled: false });
    const [held] = (await acceptWaiting(fixture(), off)) as [string];
    expect(await claimIds(fixture().queue(), 1)).toEqual([underWay]);
    for (const id of [underWay, pending, held]) await fixture().shift(id, { expires_at: -1 });
    expect(await claimIds(fixture().queue())).toEqual([]);
    expect(await fixture().delivery(pending)).toMatchObject({ state: 'expired', attempts_made: 0 });
    expect(await fixture().delivery(held)).toMatchObject({ state: 'expired' });
    expect(await fixture().delivery(underWay)).toMatchObject({ state: 'delivering' });
  });

  test('a disabled destination gets nothing until it is enabled, and then everything that was held', async () => {
    const destination = await fixture().addDestination();
    const before = await acceptWaiting(fixture(), destination, 2);
    await fixture().setEnabled(destination, false);
    const meanwhile = await acceptWaiting(fixture(), destination);
    expect((await fixture().queue().stats()).depth).toEqual({ pending: 0, delivering: 0, held: 3 });
    expect(await claimIds(fixture().queue())).toEqual([]);
    await fixture().setEnabled(destination, true);
    expect(await claimIds(fixture().queue())).toEqual([...before, ...meanwhile]);
  });

  test('a deleted destination cancels what waits for it', async () => {
    const destination = await fixture().addDestination();
    const [id] = (await acceptWaiting(fixture(), destination)) as [string];
    await fixture().removeDestination(destination);
    expect(await claimIds(fixture().queue())).toEqual([]);
    expect(await fixture().delivery(id)).toMatchObject({ state: 'cancelled' });
  });

  describe('says when to look again', () => {
    const nextDue = async (limit = 10) => (await fixture().queue().claim(limit, 100)).next_due_in_ms;

    test('never, while nothing waits', async () => {
      expect(await nextDue()).toBeUndefined();
    });

    test('at once, if more is due than was asked for', async () => {
      await acceptWaiting(fixture(), await fixture().addDestination(), 2);
      expect(await nextDue(1)).toBe(0);
    });

    test.each([
      ['when the next retry is due', {}, 20_000],
      ['when the first of an ordered destination is due', { ordered: true }, 20_000],
      ['not for a disabled destination', { enabled: false }, undefined],
    ])('%s', async (_name, settings, expected) => {
      const [id] = (await acceptWaiting(fixture(), await fixture().addDestination(settings))) as [string];
      await fixture().shift(id, { next_attempt_at: 20_000 });
      expectAbout(await nextDue(), expected);
    });

    test("when another process's lease ends, not when its own does", async () => {
      const destination = await fixture().addDestination();
      await acceptWaiting(fixture(), destination);
      await claimOne(fixture().queue());
      expect(await nextDue()).toBeUndefined();
      await acceptWaiting(fixture(), destination);
      await claimOne(fixture().queue('other'));
      expectAbout(await nextDue(), 30_000);
    });

    test('not at once for what waits behind a full destination', async () => {
      await acceptWaiting(fixture(), await fixture().addDestination({ max_concurrency: 1 }), 3);
      await claimOne(fixture().queue());
      expect(await nextDue()).toBeUndefined();
    });
  });
}

function expectAbout(actual: number | undefined, expected: number | undefined): void {
  if (expected === undefined) {
    expect(actual).toBeUndefined();
    return;
  }
  expect(actual).toBeGreaterThan(expected - 5_000);
  expect(actual).toBeLessThanOrEqual(expected + 1);
}
