import type { Rule } from './rule.ts';
import type { TriggerState } from './state.ts';

/**
 * Whether time alone may change where a trigger stands. All others change by a hit of their site or by an edit, so that they
 * need no look until one comes: of 10,000 quiet sites only these cost anything.
 */
export function changesWithTime(rule: Rule, state: TriggerState | undefined): boolean {
  const { trigger, on, measures } = rule;
  if (state?.measures !== measures || on === (state.phase === 'off')) return true;
  if (!on) return false;
  switch (trigger.type) {
    case 'goal_completion':
      return completionsWait(rule, state);
    case 'visitor_spike':
      // A window without hits only gets emptier, but what is usual is less at another hour.
      return trigger.relative_threshold > 0 || state.phase !== 'armed' || state.run !== undefined;
    case 'visitor_drop':
      return true;
  }
}

/** For the end of a window, of quiet hours, or of a minute that had too many. */
function completionsWait({ trigger }: Rule, { progress }: TriggerState): boolean {
  if (trigger.notify === 'summary' || trigger.quiet_hours !== null) return true;
  return trigger.notify === 'every' && progress !== undefined && progress.counted > 0;
}
