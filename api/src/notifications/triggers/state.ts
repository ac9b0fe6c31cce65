/** Where a trigger stands; the table is in docs/notifications.md. */
export type Phase = 'learning' | 'armed' | 'muted' | 'firing' | 'cooling' | 'off';

/** What a spike or drop trigger can be alarmed about. */
export type AlarmType = 'visitor.spike' | 'visitor.drop' | 'site.silent';

/** Every type of event that a trigger raises. */
export type FiringType = AlarmType | `${AlarmType}.recovered` | 'goal.completed';

export const FIRING_TYPES = [
  'visitor.spike',
  'visitor.spike.recovered',
  'visitor.drop',
  'visitor.drop.recovered',
  'site.silent',
  'site.silent.recovered',
  'goal.completed',
] as const satisfies FiringType[];

/** What is told, or would be outside of quiet hours. */
export interface Alarm {
  type: AlarmType;
  since: number;
  /** When it was told last; absent: it was not yet. */
  told_at?: number;
  /** How often it was told again. */
  repetition: number;
  /** Of a spike the most, of a drop the fewest visitors. */
  peak: number;
}

/** What was counted of a goal's completions. */
export interface Progress {
  /** Position of the last completion that was told or counted. */
  seq: number;
  /** Counted since the last event, up to `seq`: every_nth and summary. */
  counted: number;
  /** Their amounts in the goal's currency, a decimal number. */
  revenue: string;
  /** Start of what `counted` is of. */
  from: number;
  /** `first_of_day`: the last day that was told, by the site's calendar. */
  day?: string;
  /** `every`: the minute under way, and how many it has told. */
  minute?: { from: number; told: number };
}

/** Readings in a row that say the same. Not stored: what a process saw before it died is not in a row with what the next one sees. */
export interface Run {
  of: AlarmType | 'back';
  count: number;
  /** Of the reading that was counted last. */
  at: number;
}

/** Of one trigger. Times are milliseconds since the epoch. */
export interface TriggerState {
  phase: Phase;
  since: number;
  /** The rule's `measures` that it belongs to. */
  measures: string;
  /** Muted or firing. */
  alarm?: Alarm;
  /** A drop trigger: the site once had the threshold in a window. */
  reached?: boolean;
  /** A drop trigger: the site was silent until then; a window that begins before can't be judged. */
  counts_from?: number;
  progress?: Progress;
  run?: Run;
}
