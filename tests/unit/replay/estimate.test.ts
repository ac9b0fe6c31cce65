import { estimateReplay, type ReplayEstimateDeps } from '../../../api/src/replay/estimate.ts';
import type { PastEvent } from '../../../api/src/store/replays.ts';
import { aReplay } from '../../support/records.ts';

const REPLAY = aReplay();

/** A store of so many events; every second one had a delivery. */
function storeOf(total: number) {
  const pages: number[] = [];
  const page: ReplayEstimateDeps['replays']['page'] = async (_filter, { after, limit }) => {
    const events: PastEvent[] = [];
    for (let seq = after + 1; seq <= total && events.length < limit; seq++)
      events.push({ id: `evt${seq}`, seq, deliveries: past(seq) });
    pages.push(events.length);
    return { events, position: events.at(-1)?.seq ?? total, done: events.length < limit };
  };
  return { pages, page };
}

const past = (seq: number): PastEvent['deliveries'] =>
  seq % 2
    ? []
    : [{ id: `dlv${seq}`, mapping: 'm', destination: seq % 10 ? 'here' : 'gone', state: 'dead', replay: '' }];

function estimate(total: number) {
  const { page, pages } = storeOf(total);
  const never = () => Promise.reject(new Error('an event was read'));
  const deps = {
    replays: { page, read: never },
    planner: { planCurrent: never, planOriginal: never },
    configuration: { current: { destination: (id: string) => (id === 'here' ? { id } : undefined) } },
  } as unknown as ReplayEstimateDeps;
  return estimateReplay(deps, { ...REPLAY, events_total: total }).then((result) => ({ ...result, pages }));
}

describe('what a replay with the bytes of then would do', () => {
  it('is counted without reading events, but for destinations that are gone', async () => {
    expect(await estimate(100)).toMatchObject({ events: 100, deliveries: 40, failed: 0, exact: true });
    const { sample } = await estimate(100);
    expect(sample).toHaveLength(10);
    expect(sample[0]).toEqual({ event: 'evt2', mapping: 'm', destination: 'here' });
    const { skipped } = await estimate(100);
    expect(skipped).toEqual([
      { reason: 'no_delivery', mapping: '', destination: '', detail: '', count: 50 },
      { reason: 'destination_deleted', mapping: 'm', destination: 'gone', detail: '', count: 10 },
    ]);
  });

  it('of no events is nothing', async () => {
    expect(await estimate(0)).toEqual({
      events: 0,
      deliveries: 0,
      failed: 0,
      exact: true,
      sample: [],
      skipped: [],
      pages: [0],
    });
  });

  it('of very many events is estimated from the first ones, and says so', async () => {
    const { pages, sample, skipped, ...result } = await estimate(100_000);
    expect(result).toEqual({ events: 100_000, deliveries: 40_000, failed: 0, exact: false });
    expect(pages).toEqual(Array(40).fill(500));
    expect(skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ['no_delivery', 50_000],
      ['destination_deleted', 10_000],
    ]);
  });
});
