import { storeUnavailable } from '../../api/src/model/problems.ts';
import { groupCommit } from '../../api/src/store/group-commit.ts';

const limits = { maxItems: 3, maxBytes: 100, maxWaitingBytes: 200, sizeOf: (item: string) => item.length };

/** A commit that the test finishes by hand. */
function manualCommit() {
  const batches: { items: string[]; finish: () => void; fail: (fault: Error) => void }[] = [];
  const commit = (items: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      batches.push({ items, finish: () => resolve(items.map((item) => `${item}!`)), fail: reject });
    });
  return { batches, commit };
}

/** Long enough for a batch to be handed over: the committer waits for one turn itself. */
const turn = async () => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};

test('an idle committer starts at once, a busy one collects the next batch', async () => {
  const { batches, commit } = manualCommit();
  const submit = groupCommit(commit, limits);
  const first = submit('a');
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([['a']]);
  const others = [submit('b'), submit('c')];
  await turn();
  expect(batches).toHaveLength(1);
  batches[0]?.finish();
  expect(await first).toBe('a!');
  await turn();
  expect(batches[1]?.items).toEqual(['b', 'c']);
  batches[1]?.finish();
  expect(await Promise.all(others)).toEqual(['b!', 'c!']);
});

test('what waits is sent on before anybody hears of the last commit, so that the store has work meanwhile', async () => {
  const { batches, commit } = manualCommit();
  const submit = groupCommit(commit, limits);
  let sent = 0;
  const first = submit('a').then(() => {
    sent = batches.length;
  });
  await turn();
  void submit('b');
  batches[0]?.finish();
  await first;
  expect(sent).toBe(2);
});

test('requests of the same turn share the first commit', async () => {
  const { batches, commit } = manualCommit();
  const submit = groupCommit(commit, limits);
  const results = Promise.all([submit('a'), submit('b')]);
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([['a', 'b']]);
  batches[0]?.finish();
  expect(await results).toEqual(['a!', 'b!']);
});

test.each([
  ['by count', ['1', '2', '3', '4'], [['1', '2', '3'], ['4']]],
  ['by bytes', ['x'.repeat(60), 'y'.repeat(60)], [['x'.repeat(60)], ['y'.repeat(60)]]],
  ['a single large item goes alone', ['z'.repeat(150), 'a'], [['z'.repeat(150)], ['a']]],
])('batches are capped: %s', async (_name, items, expected) => {
  const seen: string[][] = [];
  const submit = groupCommit(async (batch: string[]) => {
    seen.push(batch);
    return batch;
  }, limits);
  expect(await Promise.all(items.map(submit))).toEqual(items);
  expect(seen).toEqual(expected);
});

test('a store that is away fails the commit and those that waited, and the next one starts afresh', async () => {
  const { batches, commit } = manualCommit();
  const submit = groupCommit(commit, limits);
  const failed = [submit('a')];
  await turn();
  failed.push(submit('b'));
  batches[0]?.fail(storeUnavailable());
  const outcomes = await Promise.allSettled(failed);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const later = submit('c');
  await turn();
  expect(batches[1]?.items).toEqual(['c']);
  batches[1]?.finish();
  expect(await later).toBe('c!');
});

test('what waits is bounded: more is refused before memory grows', async () => {
  const { batches, commit } = manualCommit();
  const submit = groupCommit(commit, limits);
  const accepted = [submit('a')];
  await turn();
  accepted.push(submit('b'.repeat(150)));
  await expect(submit('c'.repeat(60))).rejects.toMatchObject({ code: 'overloaded', retryAfter: 5 });
  batches[0]?.finish();
  await turn();
  batches[1]?.finish();
  await expect(Promise.all(accepted)).resolves.toHaveLength(2);
});

test('when the store refuses a batch each item goes again alone, and only the bad one fails', async () => {
  const seen: string[][] = [];
  const submit = groupCommit(async (items: string[]) => {
    seen.push(items);
    if (items.includes('bad')) throw new Error('refused');
    return items;
  }, limits);
  const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map(submit));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
});

describe('items for whose result nobody waits', () => {
  const isPatient = (item: string) => item.startsWith('patient');

  test('wait until one comes that somebody waits for, and share its commit', async () => {
    const { batches, commit } = manualCommit();
    const submit = groupCommit(commit, { ...limits, gather: { isPatient, ms: 3_600_000 } });
    const results = ['patient 1', 'patient 2'].map((item) => submit(item));
    await turn();
    expect(batches).toHaveLength(0);
    results.push(submit('c'));
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([['patient 1', 'patient 2', 'c']]);
    batches[0]?.finish();
    await Promise.all(results);
    // The next ones wait again.
    void submit('patient 3');
    await turn();
    expect(batches).toHaveLength(1);
    void submit('d');
    await turn();
    expect(batches[1]?.items).toEqual(['patient 3', 'd']);
  });

  test('wait no longer than they may', async () => {
    const submit = groupCommit(async (items: string[]) => items, { ...limits, gather: { isPatient, ms: 1 } });
    expect(await submit('patient')).toBe('patient');
  });

  test('never hold up one that came while a commit was under way', async () => {
    const { batches, commit } = manualCommit();
    const submit = groupCommit(commit, { ...limits, gather: { isPatient, ms: 3_600_000 } });
    const results = [submit('a')];
    await turn();
    results.push(submit('b'), submit('patient'));
    batches[0]?.finish();
    await turn();
    expect(batches[1]?.items).toEqual(['b', 'patient']);
    batches[1]?.finish();
    await Promise.all(results);
  });
});
