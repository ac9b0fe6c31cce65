import type { Clock } from '../../../model/ids.ts';
import type { Ask, Asked, StatisticsProblem } from './ask.ts';
import { type CompletionsReading, dayOf, startOf } from './positions.ts';
import { CURRENT_S, keyOf, type Question } from './questions.ts';
import { completionsBetween, currentVisitors, visitorsBetween } from './requests.ts';

/** What the last answer to a question said. */
export type Reading = { kind: 'visitors'; at: number; value: number } | ({ kind: 'completions' } & CompletionsReading);

export interface Answered {
  question: Question;
  /** The last reading, if it is not too old to decide by. */
  reading?: Reading;
  /** When the last answer came, however old; 0: none did yet. */
  readAt: number;
  /** Why the last question had no answer. */
  problem?: Trouble;
}

export interface Trouble extends StatisticsProblem {
  since: number;
  /** When it is asked again. */
  retryAt: number;
}

export interface Reader {
  /** From now on these are asked. What a question was answered with stays while it is asked of the same server. */
  follow(questions: readonly Question[]): void;
  /** Asks what is due, some at once, and waits for nothing. */
  look(): void;
  of(question: string): Answered | undefined;
  all(): Iterable<Answered>;
  /** Resolves when nothing is being asked. */
  settled(): Promise<void>;
}

export interface ReaderDeps {
  ask: Ask;
  now: Clock;
  /** With each reading that was had, and the one before it. */
  onReading: (question: Question, reading: Reading, before: Reading | undefined) => void;
}

interface Entry {
  question: Question;
  dueAt: number;
  isAsked: boolean;
  reading?: Reading;
  problem?: Trouble;
  failures: number;
  /** Completions of a day that is over. */
  closed?: { day: number; count: number };
}

const AT_ONCE = 4;
/** What is decided by a reading is decided by one of the last time, or the time before it. */
const TOO_OLD = 2.5;
const LONGEST_PAUSE_MS = 300_000;
/** Of the longest limit there is. */
const LONGEST_WISH_MS = 3_600_000;
const LIMITED_PAUSE_MS = 60_000;
/** Plausible stores what it is told within seconds; this late a day has all its completions. */
const DAY_IS_COMPLETE_MS = 600_000;

/** Keeps asking: each question at its own pace, some at once of each key. */
export function createReader({ ask, now, onReading }: ReaderDeps): Reader {
  let entries = new Map<string, Entry>();
  const underWay = new Map<string, number>();
  /** A key that has had its requests is not asked at all for a while. */
  const limited = new Map<string, number>();
  const running = new Set<Promise<void>>();

  async function answer(entry: Entry): Promise<void> {
    const { question } = entry;
    const answered = await read(question, entry);
    entry.isAsked = false;
    // What is asked by now is another question, or nothing.
    if (entries.get(question.id) !== entry) return;
    if (answered.ok) {
      const before = entry.reading;
      entry.reading = answered.value;
      entry.failures = 0;
      delete entry.problem;
      onReading(question, answered.value, before);
      return;
    }
    entry.failures++;
    const pause = pauseAfter(entry, answered.problem);
    entry.dueAt = now() + pause;
    entry.problem = { ...answered.problem, since: entry.problem?.since ?? now(), retryAt: entry.dueAt };
    if (answered.problem.code === 'rate_limited') limited.set(keyOf(question.of), entry.dueAt);
  }

  async function read(question: Question, entry: Entry): Promise<Asked<Reading>> {
    const at = now();
    if (question.kind === 'completions') return readCompletions(question, entry, at);
    const { of, window_s } = question;
    const request =
      window_s === CURRENT_S ? currentVisitors(of.domain) : visitorsBetween(of.domain, at - window_s * 1_000, at);
    const answered = await ask(of, request);
    return answered.ok ? { ok: true, value: { kind: 'visitors', at, value: answered.value } } : answered;
  }

  async function readCompletions(
    { of, goal }: Extract<Question, { kind: 'completions' }>,
    entry: Entry,
    at: number,
  ): Promise<Asked<Reading>> {
    const today = dayOf(at);
    const start = startOf(today);
    if (entry.closed?.day !== today - 1) {
      const before = await ask(of, completionsBetween(of.domain, goal, startOf(today - 1), start - 1));
      if (!before.ok) return before;
      entry.closed = { day: today - 1, count: before.value };
    }
    const yesterday = entry.closed.count;
    if (at < start + DAY_IS_COMPLETE_MS) delete entry.closed;
    const answered = await ask(of, completionsBetween(of.domain, goal, start, at));
    if (!answered.ok) return answered;
    return { ok: true, value: { kind: 'completions', at, today, completions: answered.value, yesterday } };
  }

  function start(entry: Entry): void {
    const key = keyOf(entry.question.of);
    entry.isAsked = true;
    entry.dueAt = now() + entry.question.everyMs;
    underWay.set(key, (underWay.get(key) ?? 0) + 1);
    const run = answer(entry).finally(() => {
      underWay.set(key, (underWay.get(key) ?? 1) - 1);
      running.delete(run);
      look();
    });
    running.add(run);
  }

  function look(): void {
    const time = now();
    const due = [...entries.values()].filter(({ dueAt, isAsked }) => !isAsked && dueAt <= time);
    for (const entry of due.sort((a, b) => a.dueAt - b.dueAt)) {
      const key = keyOf(entry.question.of);
      if ((limited.get(key) ?? 0) <= time && (underWay.get(key) ?? 0) < AT_ONCE) start(entry);
    }
  }

  function toAnswered({ question, reading, problem }: Entry): Answered {
    const isFresh = reading !== undefined && now() - reading.at <= TOO_OLD * question.everyMs;
    return { question, readAt: reading?.at ?? 0, ...(isFresh && { reading }), ...(problem && { problem }) };
  }

  return {
    follow(questions) {
      entries = new Map(
        questions.map((question) => {
          const known = entries.get(question.id);
          const kept = known && asksTheSame(known.question, question) ? known : undefined;
          // Due as soon as the new pace allows it.
          const dueAt = kept ? Math.min(kept.dueAt, now() + question.everyMs) : now();
          return [question.id, kept ? Object.assign(kept, { question, dueAt }) : newEntry(question, dueAt)];
        }),
      );
    },
    look,
    of(id) {
      const entry = entries.get(id);
      return entry && toAnswered(entry);
    },
    all: () => [...entries.values()].map(toAnswered),
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function newEntry(question: Question, dueAt: number): Entry {
  return { question, dueAt, isAsked: false, failures: 0 };
}

function asksTheSame(one: Question, other: Question): boolean {
  const plain = ({ everyMs: _, ...question }: Question) => JSON.stringify(question);
  return plain(one) === plain(other);
}

/** Twice as long with each failure in a row, up to 5 minutes, unless it says itself how long. */
function pauseAfter({ question, failures }: Entry, { code, retryAfterMs }: StatisticsProblem): number {
  const least = code === 'rate_limited' ? Math.max(LIMITED_PAUSE_MS, question.everyMs) : question.everyMs;
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, least), LONGEST_WISH_MS);
  return Math.max(Math.min(least * 2 ** (failures - 1), LONGEST_PAUSE_MS), least);
}
