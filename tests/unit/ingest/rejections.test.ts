import { jest } from '@jest/globals';
import { createRejectionRecorder } from '../../../api/src/ingest/rejections.ts';
import type { Rejection } from '../../../api/src/model/event.ts';
import { collectingLogger } from '../../support/logger.ts';

const rejection = (correlation_id: string) => ({ correlation_id }) as Rejection;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

function open(store?: (one: Rejection) => Promise<void>) {
  const stored: string[] = [];
  const { logger, lines } = collectingLogger();
  const keep = async ({ correlation_id }: Rejection) => void stored.push(correlation_id);
  return { recorder: createRejectionRecorder({ store: store ?? keep, logger }), stored, lines };
}

test('are written behind the answers, in order', async () => {
  const { recorder, stored } = open();
  for (const id of ['a', 'b', 'c']) recorder.record(rejection(id));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(stored).toEqual(['a', 'b', 'c']);
  recorder.record(rejection('d'));
  await jest.advanceTimersByTimeAsync(100);
  expect(stored).toEqual(['a', 'b', 'c', 'd']);
});

test('a flood writes one at a time, 50 a second at most, keeps the newest and forgets the rest', async () => {
  let underWay = 0;
  let atOnce = 0;
  const stored: string[] = [];
  const { recorder } = open(async ({ correlation_id }) => {
    atOnce = Math.max(atOnce, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
    stored.push(correlation_id);
  });
  for (let i = 0; i < 5_000; i++) recorder.record(rejection(`${i}`));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(stored.length).toBeLessThanOrEqual(51);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(atOnce).toBe(1);
  expect(stored).toHaveLength(101);
  expect(stored.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => `${4_900 + i}`));
});

test('a store that fails costs a log line, not the next one', async () => {
  let calls = 0;
  const { recorder, lines } = open(async () => {
    if (++calls === 1) throw new Error('away');
  });
  recorder.record(rejection('a'));
  recorder.record(rejection('b'));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(calls).toBe(2);
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', error: 'away' })]);
});

test('stopping waits for what is being written and forgets the rest: a shutdown must not take minutes', async () => {
  const { recorder, stored } = open();
  await recorder.stop();
  recorder.record(rejection('a'));
  recorder.record(rejection('b'));
  const stopped = recorder.stop();
  await jest.advanceTimersByTimeAsync(1_000);
  await stopped;
  expect(stored).toEqual(['a']);
});
