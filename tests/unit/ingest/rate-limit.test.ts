import { createRateLimit } from '../../../api/src/ingest/rate-limit.ts';

const A = { id: 'a', rate_limit: 4 };

function openLimit() {
  let time = 1_000;
  const limit = createRateLimit({ now: () => time });
  return { ...limit, pass: (ms: number) => (time += ms) };
}

/** How many of this many tries are let through. */
function through(take: () => number, tries: number): number {
  return Array.from({ length: tries }, take).filter((wait) => wait === 0).length;
}

it('0 is no limit', () => {
  const { take, wait } = openLimit();
  expect(through(() => take({ id: 'x', rate_limit: 0 }), 10_000)).toBe(10_000);
  expect(wait({ id: 'x', rate_limit: 0 })).toBe(0);
});

it("one second's worth may come at once, then as many as the rate gives", () => {
  const { take, pass } = openLimit();
  expect(through(() => take(A), 10)).toBe(4);
  pass(249);
  expect(take(A)).toBe(1);
  pass(1);
  expect(through(() => take(A), 10)).toBe(1);
  pass(500);
  expect(through(() => take(A), 10)).toBe(2);
});

it('a rest is not saved up', () => {
  const { take, pass } = openLimit();
  take(A);
  pass(3_600_000);
  expect(through(() => take(A), 10)).toBe(4);
});

it('over a long time exactly the rate comes through', () => {
  const { take, pass } = openLimit();
  let count = 0;
  for (let i = 0; i < 1_000; i++) {
    if (take(A) === 0) count++;
    pass(10);
  }
  expect(count).toBe(4 + 39);
});

it('each source has its own', () => {
  const { take } = openLimit();
  expect(through(() => take(A), 10)).toBe(4);
  expect(through(() => take({ id: 'b', rate_limit: 1 }), 10)).toBe(1);
});

it('asking how long takes nothing', () => {
  const { take, wait } = openLimit();
  expect(through(() => wait(A), 10)).toBe(10);
  expect(through(() => take(A), 10)).toBe(4);
  expect(wait(A)).toBe(1);
});

it('an edit holds at once, also a lower rate', () => {
  const { take } = openLimit();
  take(A);
  expect(through(() => take({ id: 'a', rate_limit: 1 }), 10)).toBe(1);
});

it('a clock that steps back takes nothing away', () => {
  const { take, pass } = openLimit();
  take(A);
  pass(-5_000);
  expect(through(() => take(A), 10)).toBe(3);
});
