import type { Site, Trigger } from '../../../../api/src/model/notifications.ts';
import type { Reading } from '../../../../api/src/notifications/triggers/decide.ts';
import { decide } from '../../../../api/src/notifications/triggers/decide.ts';
import type { Decision } from '../../../../api/src/notifications/triggers/decision.ts';
import type { LevelReading } from '../../../../api/src/notifications/triggers/reading.ts';
import { makeRule, type Rule } from '../../../../api/src/notifications/triggers/rule.ts';
import type { TriggerState } from '../../../../api/src/notifications/triggers/state.ts';
import { aGoal, aSite, aTrigger } from '../../../support/notifications.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const site = aSite({ id: 'site', domain: 'example.com', timezone: 'Europe/Berlin' });
export const goal = aGoal({ id: 'goal', site: 'site', name: 'Purchase', event_name: 'Purchase', currency: 'EUR' });
const trigger = aTrigger({ id: 'trigger', site: 'site', name: 'launch day', destinations: ['destination'] });

export function rule(changes: Partial<Trigger> = {}, siteChanges: Partial<Site> = {}): Rule {
  const changed = { ...trigger, ...changes };
  return makeRule(changed, { ...site, ...siteChanges }, changed.type === 'goal_completion' ? goal : undefined);
}

/** A reading of a site that has been counted for long. */
export function level(of: Rule, value: number, at: number, changes: Partial<LevelReading> = {}): LevelReading {
  return {
    window: { from: at - of.windowMs, to: at },
    value,
    first_hit: at - 100 * DAY,
    last_hit: at,
    counting_since: at - 100 * DAY,
    silent_after_ms: 30 * MINUTE,
    ...changes,
  };
}

/** One trigger that reads again and again, with what it told. */
export function watch(of: Rule, before?: TriggerState) {
  let state = before;
  const fired: Extract<Decision, { kind: 'fire' }>['firing'][] = [];
  const decisions: Decision[] = [];
  return {
    fired,
    decisions,
    get state(): TriggerState {
      if (!state) throw new Error('nothing was read yet');
      return state;
    },
    get phase() {
      return state?.phase;
    },
    read(reading: Reading, now: number, by: Rule = of): Decision {
      const decision = decide(by, state, reading, now);
      state = decision.state;
      decisions.push(decision);
      if (decision.kind === 'fire') fired.push(decision.firing);
      return decision;
    },
    /** A new process knows what was stored. */
    forgetRun() {
      if (state) state = { ...state, run: undefined } as unknown as TriggerState;
    },
  };
}
