import type { Schemas } from '../../../client/schemas.ts';
import { differences, pairLines, pairsOf } from '../app/form-texts.ts';

export type CompletedBy = 'page_path' | 'event_name';

/** A goal as its form has it: texts, as typed. */
export interface GoalDraft {
  name: string;
  enabled: boolean;
  by: CompletedBy;
  what: string;
  /** A line each: "plan: pro". */
  props: string;
  currency: string;
}

export const NEW_GOAL: GoalDraft = { name: '', enabled: true, by: 'page_path', what: '', props: '', currency: '' };

export function goalDraftOf(goal: Schemas['Goal']): GoalDraft {
  const { name = '', enabled = true, event_name = '', page_path = '', props, currency = '' } = goal;
  const by = event_name ? 'event_name' : 'page_path';
  return { name, enabled, by, what: event_name || page_path, props: pairLines(props), currency };
}

/** Every field as the API takes it; of what completes it one, and the other is empty. */
export function goalFieldsOf({ name, enabled, by, what, props, currency }: GoalDraft) {
  return {
    name: name.trim(),
    enabled,
    event_name: by === 'event_name' ? what.trim() : '',
    page_path: by === 'page_path' ? what.trim() : '',
    props: pairsOf(props),
    currency: currency.trim().toUpperCase(),
  };
}

export function goalChangesOf(before: GoalDraft, after: GoalDraft): Schemas['GoalChanges'] {
  return differences(goalFieldsOf(before), goalFieldsOf(after));
}
