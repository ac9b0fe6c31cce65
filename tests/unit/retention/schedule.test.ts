import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { type RetentionDeps, scheduleRetention } from '../../../api/src/retention/schedule.ts';
import type { RetainAnswer } from '../../../api/src/store/retention.ts';
import { collectingLogger } from '../../support/logger.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');
const NIGHT = '2026-11-24T03:17:00.000Z';
const DELETED = { events: 2, deliveries: 3, attempts: 4, rejections: 0, audit: 1, freed_pages: 5 };
const answer = (fields: Partial<RetainAnswer> = {}): RetainAnswer => ({
  deleted: DELETED,
  more: false,
  after: '',
  longest_hold_ms: 7,
  ...fields,
});

/** Lets the schedule sleep a number of times; says when each run began. */
async function schedule(answers: (() => RetainAnswer)[], sleeps: number, periods = { days: 30, auditDays: 365 }) {
  const { logger, lines } = collectingLogger();
  const metrics = createMetrics();
  const stop = new AbortController();
  const calls: { at: string; after: string; periods: typeof periods }[] = [];
  let time = NOON;
  const deps: RetentionDeps = {
    periods,
    retain: async (given, after) => {
      calls.push({ at: new Date(time).toISOString(), after, periods: given });
      return (answers.shift() ?? answer)();
    },
    now: () => time,
    sleep: async (milliseconds) => {
      time += milliseconds;
      sleeps -= 1;
      if (sleeps <= 0) stop.abort();
    },
    logger,
    metrics,
  };
  await scheduleRetention(deps, stop.signal);
  return { calls, lines, metrics: await metrics.registry.metrics() };
}

test('runs at once, and then every night', async () => {
  const { calls } = await schedule([], 3);
  expect(calls.map(({ at }) => at)).toEqual(['2026-11-23T12:00:00.000Z', NIGHT, '2026-11-25T03:17:00.000Z']);
  expect(calls[0]).toMatchObject({ after: '', periods: { days: 30, auditDays: 365 } });
});

test('goes on where a call ended until nothing is left, and tells of the run once', async () => {
  const more = answer({ more: true, after: 'there', longest_hold_ms: 9 });
  const { calls, lines, metrics } = await schedule([() => more], 1);
  expect(calls.map(({ after }) => after)).toEqual(['', 'there']);
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'retention',
      ...{ events: 4, deliveries: 6, attempts: 8, rejections: 0, audit: 2, freed_pages: 10 },
      ...{ calls: 2, longest_hold_ms: 9, duration_ms: 0 },
    },
  ]);
  expect(metrics).toContain('pockethook_retention_runs_total{result="done"} 1\n');
  expect(metrics).toContain('pockethook_retention_deleted_total{kind="events"} 4\n');
  expect(metrics).toContain(`pockethook_retention_last_success_timestamp_seconds ${NOON / 1000}\n`);
});

test('a run that fails is tried again soon, and does not end the schedule', async () => {
  const fail = () => {
    throw new Error('the store is away');
  };
  const { calls, lines, metrics } = await schedule([fail, fail], 3);
  expect(calls.map(({ at }) => at.slice(11, 16))).toEqual(['12:00', '12:10', '12:20']);
  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn retention failed',
    'warn retention failed',
    'info retention',
  ]);
  expect(metrics).toContain('pockethook_retention_runs_total{result="failed"} 2\n');
});

test('a shutdown ends a run between two calls', async () => {
  const stop = new AbortController();
  let calls = 0;
  const { logger } = collectingLogger();
  await scheduleRetention(
    {
      periods: { days: 1, auditDays: 0 },
      retain: async () => {
        calls += 1;
        stop.abort();
        return answer({ more: true });
      },
      now: () => NOON,
      sleep: async () => {},
      logger,
      metrics: createMetrics(),
    },
    stop.signal,
  );
  expect(calls).toBe(1);
});

test('nothing is asked for when everything is kept for ever', async () => {
  const { calls } = await schedule([], 1, { days: 0, auditDays: 0 });
  expect(calls).toEqual([]);
});
