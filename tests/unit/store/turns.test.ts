import { Problem, storeUnavailable } from '../../../api/src/model/problems.ts';
import { createTurns } from '../../../api/src/store/turns.ts';

/** Work that ends when the test says so. */
function makeWork() {
  const begun: { end: (value: string) => void; fail: (fault: unknown) => void }[] = [];
  const work = () => new Promise<string>((end, fail) => begun.push({ end, fail }));
  return { begun, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('few at once, the others in order, and no more than may wait', async () => {
  const { begun, work } = makeWork();
  const inTurn = createTurns({ atOnce: 2, waitingAtMost: 2 });
  const results = [1, 2, 3, 4].map(() => inTurn(work));
  await expect(inTurn(work)).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 2 });
  expect(begun).toHaveLength(2);
  begun[1]?.end('second');
  await settled();
  expect(begun).toHaveLength(3);
  begun[0]?.fail(new Error('wrong by itself'));
  await settled();
  begun[2]?.end('third');
  begun[3]?.end('fourth');
  const outcomes = await Promise.allSettled(results);
  expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
    'failed',
    'second',
    'third',
    'fourth',
  ]);
  const after = inTurn(work);
  await settled();
  begun[4]?.end('fifth');
  await expect(after).resolves.toBe('fifth');
});

test('when the store is away nobody waits in vain', async () => {
  const { begun, work } = makeWork();
  const inTurn = createTurns({ atOnce: 1, waitingAtMost: 5 });
  const results = [1, 2, 3].map(() => inTurn(work));
  await settled();
  begun[0]?.fail(storeUnavailable());
  for (const result of results) await expect(result).rejects.toBeInstanceOf(Problem);
  expect(begun).toHaveLength(1);
  const after = inTurn(work);
  await settled();
  begun[1]?.end('back');
  await expect(after).resolves.toBe('back');
});
