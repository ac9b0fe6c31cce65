import { setImmediate } from 'node:timers/promises';
import { compileFilter, makeCompileBudget } from '../expressions/index.ts';
import { decideBroken, type Planner } from '../ingest/plan.ts';
import { describeStored, type ReplanDeps, storedContext } from '../ingest/replan.ts';
import type { Source } from '../model/configuration.ts';
import type { Decision, StoredEvent } from '../model/event.ts';
import type { AcceptedDecision, CurrentDecision, Explanation } from '../model/explanation.ts';
import type { ConfigurationCache } from '../store/configuration.ts';

export interface ExplainDeps extends Pick<ReplanDeps, 'split' | 'describe'> {
  configuration: Pick<ConfigurationCache, 'current'>;
  planner: Pick<Planner, 'explainAll'>;
  /** What would become of an event that a trigger raised. */
  replanFiring: (event: StoredEvent) => { decisions: Decision[] };
}

/** Why an event went where it did, and what the current rules would do with it. */
export type Explain = (event: StoredEvent) => Promise<Explanation>;

/** An event's decisions; filtered ones with the values that the failing clause read. */
export type ExplainDecisions = (event: StoredEvent) => AcceptedDecision[];

export function createExplain(deps: ExplainDeps): Explain {
  return async (event) => {
    const source = deps.configuration.current.sourceById(event.source);
    const now = await decideNow(source, event);
    // Let other requests run in between: each half may take a whole event's budget of steps.
    await setImmediate();
    const atAccept = new Map(decisionsWithValues(event, source).map((decision) => [keyOf(decision), decision]));
    const keys = [...new Set([...atAccept.keys(), ...now.decisions.keys()])];
    return {
      event: event.id,
      source: event.source,
      trigger: event.trigger,
      event_type: { at_accept: event.type, now: now.type },
      mappings: keys.map((key) => {
        const [mapping = '', destination = ''] = key.split(' ');
        return { mapping, destination, at_accept: atAccept.get(key) ?? null, now: now.decisions.get(key) ?? null };
      }),
    };
  };

  async function decideNow(source: Source | undefined, event: StoredEvent) {
    const decisions = new Map<string, CurrentDecision>();
    if (event.trigger !== '') {
      for (const decision of deps.replanFiring(event).decisions)
        decisions.set(keyOf(decision), { ...withoutIds(decision), clauses: [] });
      return { type: event.type, decisions };
    }
    if (!source) return { type: null, decisions };
    const routes = deps.configuration.current.routesOf(source);
    let type: string | null = null;
    // Of a request that is to be split by now, what is delivered counts, else its first event.
    for await (const { context, failure } of describeStored(source, event, deps)) {
      type ??= context.event.type;
      for (const { decision, clauses } of await deps.planner.explainAll(routes, context, failure)) {
        if (decision.outcome === 'delivery' || !decisions.has(keyOf(decision)))
          decisions.set(keyOf(decision), { ...withoutIds(decision), clauses });
      }
    }
    for (const broken of deps.configuration.current.brokenRoutesOf(source)) {
      const decision = decideBroken(broken);
      decisions.set(keyOf(decision), { ...withoutIds(decision), clauses: [] });
    }
    return { type, decisions };
  }
}

/**
 * Evaluates the values again from the stored event. They are the original ones, since stored events never change, except
 * that the source may have been renamed. All clauses share the budget of one record; those beyond it have no values.
 */
export function createExplainDecisions({ configuration }: Pick<ExplainDeps, 'configuration'>): ExplainDecisions {
  return (event) => decisionsWithValues(event, configuration.current.sourceById(event.source));
}

function decisionsWithValues(event: StoredEvent, source: Source | undefined): AcceptedDecision[] {
  if (!event.decisions.some(({ outcome }) => outcome === 'filtered')) return event.decisions;
  const context = storedContext(source?.name ?? '', event);
  const budget = makeCompileBudget();
  return event.decisions.map((decision) => {
    if (decision.outcome !== 'filtered') return decision;
    const clause = compileFilter(decision.clause, budget);
    return clause.ok
      ? { ...decision, values: clause.value.explain(context).flatMap(({ values }) => values) }
      : decision;
  });
}

function keyOf({ mapping, destination }: Decision): string {
  return `${mapping} ${destination}`;
}

function withoutIds(decision: Decision) {
  switch (decision.outcome) {
    case 'delivery':
    case 'disabled':
      return { outcome: decision.outcome };
    case 'held':
      return { outcome: decision.outcome, reason: decision.reason };
    case 'filtered':
      return { outcome: decision.outcome, clause: decision.clause };
    case 'error':
      return { outcome: decision.outcome, where: decision.where, message: decision.message };
  }
}
