import type { GoalCount, GoalWanted } from '../../../store/counting.ts';

/**
 * Plausible tells how often a goal was completed between two moments, and no completion by itself. A position (`seq`) is
 * therefore the day (UTC) and how many completions of it there were: whoever has one can go on from it at any time.
 */
const DAY_POSITIONS = 1_000_000_000;
const DAY_MS = 86_400_000;

export interface CompletionsReading {
  at: number;
  /** Days since 1970. */
  today: number;
  completions: number;
  /** Those of yesterday; before that nothing is told any more, as of hits. */
  yesterday: number;
}

export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

export function startOf(day: number): number {
  return day * DAY_MS;
}

export function countFrom({ after, offset }: GoalWanted, { at, today, ...counted }: CompletionsReading): GoalCount {
  const newest = toPosition(today, counted.completions);
  if (after < 0) return { count: 0, revenue: '', last_seq: newest, next: null };
  const days = [
    { day: today - 1, total: counted.yesterday, end: startOf(today) - 1 },
    { day: today, total: counted.completions, end: at },
  ].map((one) => {
    const from = countedUpTo(after, one.day, one.total);
    return { ...one, from, left: one.total - from };
  });
  const count = days.reduce((sum, { left }) => sum + left, 0);
  return { count, revenue: '', last_seq: count === 0 ? after : newest, next: nextOf(days, offset) };
}

/** How many of a day lie before a position. */
function countedUpTo(after: number, day: number, total: number): number {
  const counted = Math.floor(after / DAY_POSITIONS);
  if (counted > day) return total;
  return counted === day ? Math.min(after % DAY_POSITIONS, total) : 0;
}

function nextOf(days: { day: number; from: number; left: number; end: number }[], offset: number): GoalCount['next'] {
  let passed = 0;
  for (const { day, from, left, end } of days) {
    if (offset < passed + left) {
      const seq = toPosition(day, from + offset - passed + 1);
      return { seq, at: end, page: '', amount: '', currency: '' };
    }
    passed += left;
  }
  return null;
}

function toPosition(day: number, count: number): number {
  return day * DAY_POSITIONS + Math.min(count, DAY_POSITIONS - 1);
}
