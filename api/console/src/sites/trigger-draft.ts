import type { Schemas } from '../../../client/schemas.ts';

/** A trigger as its form has it: texts, as typed. */
export interface Draft {
  name: string;
  type: Schemas['TriggerType'];
  goal: string;
  /** Visitors, or times what is usual. */
  threshold: string;
  relative: boolean;
  window: string;
  quietFrom: string;
  quietTo: string;
  destinations: readonly string[];
}

export const EMPTY: Draft = {
  name: '',
  type: 'visitor_spike',
  goal: '',
  threshold: '',
  relative: false,
  window: '',
  quietFrom: '',
  quietTo: '',
  destinations: [],
};

/** What the API takes. A number that is none is sent as it is, for the API to say what is wrong with it. */
export function bodyOf(site: string, draft: Draft): Schemas['NewTrigger'] {
  const { type, relative, quietFrom, quietTo } = draft;
  const number = Number(draft.threshold.trim().replace(',', '.'));
  const threshold = Number.isNaN(number) ? (draft.threshold as unknown as number) : number;
  const isGoal = type === 'goal_completion';
  return {
    name: draft.name.trim(),
    site,
    type,
    destinations: [...draft.destinations],
    ...(isGoal ? { goal: draft.goal } : relative ? { relative_threshold: threshold } : { threshold }),
    ...(!isGoal && { window: draft.window.trim() }),
    ...((quietFrom !== '' || quietTo !== '') && { quiet_hours: { from: quietFrom, to: quietTo } }),
  };
}
