import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { type ReplayJobDeps, workOn } from '../../../api/src/replay/job.ts';
import { createReplayPlanner } from '../../../api/src/replay/plan.ts';
import type { PastContent, PastEvent, ReplayProgress } from '../../../api/src/store/replays.ts';
import type { Submission } from '../../../api/src/store/submission.ts';
import { collectingLogger } from '../../support/logger.ts';
import { aDestination, aMapping, anEvent, aReplay } from '../../support/records.ts';

const RATE = 1_000;

/** Works on a replay of so many events with one delivery each, in a store whose calls take so many milliseconds each. */
async function replayOf(total: number, { callMs = 0, readAtMost = 500, gone = '' } = {}) {
  let now = 0;
  const calls = { page: 0, read: 0 };
  const submitted: { id: string; at: number }[] = [];
  const saved: ReplayProgress[] = [];
  const destination = aDestination();
  const past = (seq: number): PastEvent => ({
    id: `event${seq}`,
    seq,
    deliveries: [{ id: `d${seq}`, mapping: aMapping().id, destination: destination.id, state: 'dead', replay: '' }],
  });
  const content = (id: string): PastContent => ({
    status: 'read',
    event: anEvent({ id }),
    deliveries: [
      {
        mapping: aMapping().id,
        destination: destination.id,
        passthrough: false,
        request_body: id,
        request_content_type: 'text/plain',
        request_values: null,
      },
    ],
  });
  const deps: ReplayJobDeps = {
    replays: {
      page: async (_filter, { after, limit }) => {
        calls.page++;
        now += callMs;
        const events = Array.from({ length: Math.min(limit, total - after) }, (_, i) => past(after + i + 1));
        return { events, position: after + events.length, done: events.length < limit };
      },
      read: async ({ events }) => {
        calls.read++;
        now += callMs;
        return events.slice(0, readAtMost).map(({ id }) => (id === gone ? { status: 'gone' as const } : content(id)));
      },
      save: async (progress) => {
        saved.push(progress);
        return 'saved';
      },
    },
    planner: createReplayPlanner({
      configuration: { current: { destination: () => destination } } as never,
      replan: () => Promise.reject(new Error('the rules of now were asked')),
      expiresInMs: 1,
    }),
    submit: async (submission: Submission) => {
      if ('batch' in submission) throw new Error('a replay is no batch');
      const { event } = submission;
      submitted.push({ id: event.id, at: now });
      return { status: 'accepted', seq: 1, leased: [], lease_expires_at: 0 };
    },
    logger: collectingLogger().logger,
    metrics: createMetrics(),
    elapsed: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  await workOn(deps, aReplay({ rate: RATE, events_total: total, until: total }), new AbortController().signal);
  return { calls, submitted, last: saved.at(-1), took: now };
}

const inOrder = (total: number) => Array.from({ length: total }, (_, i) => `event${i + 1}`);

describe('a replay of many events', () => {
  it('asks the store once for a hundred events, and sends them in the order of acceptance', async () => {
    const { calls, submitted, last } = await replayOf(1_200);
    expect(submitted.map(({ id }) => id)).toEqual(inOrder(1_200));
    expect(calls).toEqual({ page: 3, read: 12 });
    expect(last).toMatchObject({ completed: true, deliveries: 1_200, events_seen: 1_200, failed: 0, position: 1_200 });
  });

  it('keeps its rate however long the store takes, as long as that is less than the rate allows', async () => {
    const { took, submitted } = await replayOf(3_000, { callMs: 30 });
    // The last page is empty.
    expect(took).toBe(3_030);
    for (const [index, { at }] of submitted.entries()) expect(index - (at / 1_000) * RATE).toBeLessThan(RATE);
  });

  it.each([1, 7])('goes on where an answer of the store ended, after %i events', async (readAtMost) => {
    const { submitted } = await replayOf(50, { readAtMost });
    expect(submitted.map(({ id }) => id)).toEqual(inOrder(50));
  });

  it('an event that is gone meanwhile counts as failed, and stops nothing', async () => {
    const { submitted, last } = await replayOf(20, { gone: 'event3' });
    expect(submitted.map(({ id }) => id)).toEqual(inOrder(20).filter((id) => id !== 'event3'));
    expect(last).toMatchObject({ completed: true, deliveries: 19, failed: 1 });
  });
});
