import type { Schemas } from '../../../client/schemas.ts';

type Trigger = Pick<
  Schemas['TriggerFields'],
  'type' | 'threshold' | 'relative_threshold' | 'window' | 'notify' | 'nth'
>;

/** Over which time a spike or drop is counted. */
export function windowOf({ type, window }: Pick<Trigger, 'type' | 'window'>): string {
  return window || (type === 'visitor_drop' ? '12h' : '5m');
}

/** When a trigger tells, in words. */
export function conditionOf(trigger: Trigger): string {
  const { type, threshold, relative_threshold } = trigger;
  const than = relative_threshold ? `${relative_threshold} × usual` : `${threshold} visitors`;
  if (type === 'visitor_spike') return `${than} or more in ${windowOf(trigger)}`;
  if (type === 'visitor_drop') return `fewer than ${than} in ${windowOf(trigger)}`;
  return completionsOf(trigger);
}

function completionsOf({ notify, nth, window }: Trigger): string {
  if (notify === 'first_of_day') return 'the first completion of a day';
  if (notify === 'every_nth') return `every ${nth} completions of a goal`;
  if (notify === 'summary') return `completions of a goal, together each ${window || '1h'}`;
  return 'completions of a goal';
}
