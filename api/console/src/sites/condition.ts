import type { Schemas } from '../../../client/schemas.ts';

/** When a trigger tells, in words. */
export function conditionOf({ type, threshold, relative_threshold, window }: Schemas['Trigger']): string {
  const than = relative_threshold ? `${relative_threshold} × usual` : `${threshold} visitors`;
  if (type === 'visitor_spike') return `${than} or more in ${window || '5m'}`;
  if (type === 'visitor_drop') return `fewer than ${than} in ${window || '12h'}`;
  return 'completions of a goal';
}
