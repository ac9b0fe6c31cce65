import type { Schemas } from '../../../client/schemas.ts';
import { differences, numberOf, numberText } from '../app/form-texts.ts';

type Fields = Schemas['TriggerFields'];
export type Notify = NonNullable<Fields['notify']>;
export type Repeat = NonNullable<Fields['repeat']>;
export type WhenLate = NonNullable<Fields['when_late']>;

/** A trigger as its form has it: texts, as typed. */
export interface Draft {
  name: string;
  enabled: boolean;
  type: Schemas['TriggerType'];
  goal: string;
  notify: Notify;
  nth: string;
  /** Visitors, or times what is usual. */
  threshold: string;
  relative: boolean;
  window: string;
  readings: string;
  cooldown: string;
  repeat: Repeat;
  quietFrom: string;
  quietTo: string;
  expiresAfter: string;
  whenLate: WhenLate;
  destinations: readonly string[];
}

export const EMPTY: Draft = {
  name: '',
  enabled: true,
  type: 'visitor_spike',
  goal: '',
  notify: 'every',
  nth: '',
  threshold: '',
  relative: false,
  window: '',
  readings: '',
  cooldown: '',
  repeat: 'never',
  quietFrom: '',
  quietTo: '',
  expiresAfter: '',
  whenLate: 'mark',
  destinations: [],
};

export function draftOf(trigger: Schemas['Trigger']): Draft {
  const { threshold = 0, relative_threshold = 0, quiet_hours, nth = 0, readings = 0 } = trigger;
  const relative = relative_threshold > 0;
  return {
    ...EMPTY,
    ...{ name: trigger.name ?? '', enabled: trigger.enabled ?? true, type: trigger.type ?? 'visitor_spike' },
    ...{ goal: trigger.goal ?? '', notify: trigger.notify ?? 'every', nth: numberText(nth) },
    ...{ threshold: numberText(relative ? relative_threshold : threshold), relative, window: trigger.window ?? '' },
    ...{ readings: numberText(readings), cooldown: trigger.cooldown ?? '', repeat: trigger.repeat ?? 'never' },
    ...{ quietFrom: quiet_hours?.from ?? '', quietTo: quiet_hours?.to ?? '' },
    ...{ expiresAfter: trigger.expires_after ?? '', whenLate: trigger.when_late ?? 'mark' },
    destinations: trigger.destinations ?? [],
  };
}

/** Every field as the API takes it. A number that is none is sent as it is, for the API to say what is wrong with it. */
export function fieldsOf(draft: Draft): Required<Omit<Fields, 'site'>> {
  const { type, relative, notify, quietFrom, quietTo } = draft;
  const isGoal = type === 'goal_completion';
  const isCounted = !isGoal || notify === 'summary';
  const threshold = numberOf(draft.threshold);
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    type,
    goal: isGoal ? draft.goal : '',
    notify: isGoal ? notify : 'every',
    nth: isGoal && notify === 'every_nth' ? numberOf(draft.nth) : 0,
    threshold: isGoal || relative ? 0 : threshold,
    relative_threshold: isGoal || !relative ? 0 : threshold,
    window: isCounted ? draft.window.trim() : '',
    readings: isGoal ? 0 : numberOf(draft.readings),
    cooldown: isGoal ? '' : draft.cooldown.trim(),
    repeat: isGoal ? 'never' : draft.repeat,
    quiet_hours: quietFrom !== '' || quietTo !== '' ? { from: quietFrom, to: quietTo } : null,
    expires_after: draft.expiresAfter.trim(),
    when_late: draft.whenLate,
    destinations: [...draft.destinations],
  };
}

export function bodyOf(site: string, draft: Draft): Schemas['NewTrigger'] {
  const { name, ...fields } = fieldsOf(draft);
  return { ...fields, name, site, type: fields.type };
}

/** The fields that are others than before. */
export function changesOf(before: Draft, after: Draft): Schemas['TriggerChanges'] {
  return differences(fieldsOf(before), fieldsOf(after));
}

/** What a backtest is run with; undefined: there is nothing to try yet. */
export function triedOf(site: string, draft: Draft): Schemas['TriggerBacktest'] | undefined {
  const { type, threshold, relative_threshold, window, readings, cooldown, repeat, quiet_hours } = fieldsOf(draft);
  if (type === 'goal_completion' || !(threshold > 0 || relative_threshold > 0)) return undefined;
  const condition = { site, type, threshold, relative_threshold, window, readings, cooldown, repeat, quiet_hours };
  return { draft: condition };
}
