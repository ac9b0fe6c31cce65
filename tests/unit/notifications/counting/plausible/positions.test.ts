import {
  type CompletionsReading,
  countFrom,
  dayOf,
  startOf,
} from '../../../../../api/src/notifications/counting/plausible/positions.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');
const today = dayOf(NOON);
const reading = (completions: number, yesterday = 0, days = 0): CompletionsReading => ({
  at: NOON + days * 86_400_000,
  today: today + days,
  completions,
  yesterday,
});
const from = (after: number, offset = 0) => ({ goal: 'goal', after, offset, currency: 'EUR' });
const newest = (of: CompletionsReading) => countFrom(from(-1), of).last_seq;

test('what came since a position, one by one', () => {
  const after = newest(reading(5));
  const three = countFrom(from(after), reading(8));
  expect(three).toMatchObject({ count: 3, revenue: '', next: { at: NOON, page: '', amount: '' } });
  const [second, third, none] = [1, 2, 3].map((offset) => countFrom(from(after, offset), reading(8)).next?.seq);
  expect(countFrom(from(three.next?.seq ?? 0), reading(8))).toMatchObject({ count: 2, next: { seq: second } });
  expect(third).toBe(three.last_seq);
  expect(none).toBeUndefined();
  expect(countFrom(from(three.last_seq), reading(8))).toMatchObject({ count: 0, last_seq: three.last_seq, next: null });
});

test('over midnight nothing is lost, and nothing told twice', () => {
  const after = newest(reading(5));
  const tomorrow = reading(2, 7, 1);
  expect(countFrom(from(after), tomorrow)).toMatchObject({ count: 4, last_seq: newest(tomorrow) });
  const positions: number[] = [];
  for (let seq = after; ; ) {
    const { next } = countFrom(from(seq), tomorrow);
    if (!next) break;
    positions.push(next.seq);
    seq = next.seq;
  }
  expect(positions).toHaveLength(4);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  // The last ones of yesterday come late.
  expect(countFrom(from(newest(reading(0, 7, 1))), reading(0, 9, 1)).count).toBe(0);
  expect(countFrom(from(after), tomorrow).next?.at).toBe(startOf(today + 1) - 1);
});

test('before yesterday nothing is told any more; fewer than were counted are none', () => {
  expect(countFrom(from(newest(reading(5))), reading(1, 2, 9))).toMatchObject({ count: 3 });
  const after = newest(reading(5));
  expect(countFrom(from(after), reading(4))).toMatchObject({ count: 0, last_seq: after, next: null });
});
