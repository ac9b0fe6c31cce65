import { jest } from '@jest/globals';
import { createWaker } from '../../../api/src/dispatch/waker.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** The milliseconds that `wait` takes while `during` happens. */
async function timeOf(wait: Promise<void>, during: () => void = () => undefined): Promise<number> {
  const start = performance.now();
  let took = Number.NaN;
  const done = wait.then(() => {
    took = performance.now() - start;
  });
  during();
  await jest.advanceTimersByTimeAsync(10_000);
  await done;
  return took;
}

test('waits as long as asked', async () => {
  expect(await timeOf(createWaker().wait(300))).toBe(300);
});

test('is woken at once', async () => {
  const waker = createWaker();
  expect(await timeOf(waker.wait(300), waker.wake)).toBe(0);
});

test('a wake before the wait is remembered, once', async () => {
  const waker = createWaker();
  waker.wake();
  waker.wake();
  expect(await timeOf(waker.wait(300))).toBe(0);
  expect(await timeOf(waker.wait(300))).toBe(300);
});

test.each([
  ['during the wait, earlier', 100, 100],
  ['during the wait, later', 900, 300],
])('wakeIn %s', async (_name, ms, expected) => {
  const waker = createWaker();
  expect(await timeOf(waker.wait(300), () => waker.wakeIn(ms))).toBe(expected);
});

test('wakeIn before the wait counts from when it was asked, and only for that wait', async () => {
  const waker = createWaker();
  waker.wakeIn(200);
  jest.advanceTimersByTime(150);
  expect(await timeOf(waker.wait(300))).toBe(50);
  expect(await timeOf(waker.wait(300))).toBe(300);
});

test('a pause is not ended by a wake', async () => {
  const waker = createWaker();
  expect(await timeOf(waker.pause(300), waker.wake)).toBe(300);
});

test('leaves no timer behind', async () => {
  const waker = createWaker();
  await timeOf(waker.wait(300), waker.wake);
  expect(jest.getTimerCount()).toBe(0);
});
