import type { Counting } from '../../store/counting.ts';
import type { TriggerAdvance } from '../../store/queue.ts';
import type { EvaluatorLease, TriggerStore } from '../../store/triggers.ts';
import { decide, mayHaveMore, type Reading } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Fire } from './fire.ts';
import { groupsOf } from './groups.ts';
import { type StateMemory, storable } from './memory.ts';
import { readCompletions, readLevels } from './readings.ts';
import type { Rule } from './rule.ts';
import type { FiringType, TriggerState } from './state.ts';
import type { UsualValues } from './usual.ts';

export interface EvaluationDeps {
  counting: Pick<Counting, 'countVisitors' | 'readSites' | 'countCompletions'>;
  usual: UsualValues;
  triggers: Pick<TriggerStore, 'save'>;
  fire: Fire;
  /** `lagMs`: since what is told happened. */
  onFired: (type: FiringType, lagMs: number) => void;
  /** One trigger failed; the others go on. */
  onFault: (rule: Rule, fault: unknown) => void;
}

/** What a pass of the evaluator stands on. */
export interface Standing {
  lease: Pick<EvaluatorLease, 'epoch' | 'counting_since'>;
  memory: StateMemory;
}

/** Somebody else evaluates, or a state is not what was thought: what is known has to be read anew. */
export class StaleEvaluation extends Error {}

/** Firings under way at a time: with more, the hits that come meanwhile wait behind them. */
const AT_ONCE = 8;
/** Completions told of one trigger in a pass: more than a minute may have. */
const ROUNDS = 100;
const SAVED_AT_ONCE = 1_000;

/** Triggers looked at together: few enough that others are answered in between. */
const TOGETHER = 500;

/**
 * Reads what some triggers see, decides, and stores what comes of it: firings one by one, everything else together.
 * @throws StaleEvaluation; Problem `store_unavailable`, after which it is unknown what was stored
 */
export async function evaluate(deps: EvaluationDeps, rules: readonly Rule[], standing: Standing): Promise<LeftOver> {
  const levels = rules.filter(({ trigger }) => trigger.type !== 'goal_completion');
  const goals = rules.filter(({ trigger }) => trigger.type === 'goal_completion');
  const left: LeftOver = { more: [], unread: [] };
  for (const some of groupsOf(levels, TOGETHER)) await evaluateLevels(deps, some, standing, left);
  for (const some of groupsOf(goals, TOGETHER)) await evaluateGoals(deps, some, standing, left);
  return left;
}

/** What a pass could not finish. */
export interface LeftOver {
  /** They have more to tell than one pass may. */
  more: Rule[];
  /** What they see could not be counted. */
  unread: Rule[];
}

async function evaluateLevels(
  deps: EvaluationDeps,
  rules: readonly Rule[],
  standing: Standing,
  left: LeftOver,
): Promise<void> {
  const levels = await readLevels(deps, rules, standing.lease.counting_since);
  const decided = rules.flatMap((rule) => {
    const reading = levels.of(rule);
    if (reading) return decideOne(deps, rule, reading, levels.now, standing);
    left.unread.push(rule);
    return [];
  });
  await carryOut(deps, decided, levels.now, standing);
}

async function evaluateGoals(
  deps: EvaluationDeps,
  rules: readonly Rule[],
  standing: Standing,
  left: LeftOver,
): Promise<void> {
  let waiting = rules;
  for (let round = 0; waiting.length > 0 && round < ROUNDS; round++) {
    const { now, readings } = await readCompletions(
      deps,
      waiting.map((rule) => ({ rule, state: standing.memory.of(rule.trigger.id) })),
    );
    const decided = waiting.flatMap((rule, i) => {
      const reading = readings[i];
      if (reading) return decideOne(deps, rule, reading, now, standing);
      left.unread.push(rule);
      return [];
    });
    await carryOut(deps, decided, now, standing);
    waiting = decided.filter(({ reading, decision }) => mayHaveMore(reading, decision)).map(({ rule }) => rule);
  }
  left.more.push(...waiting);
}

interface Decided {
  rule: Rule;
  reading: Reading;
  decision: Decision;
}

function decideOne(deps: EvaluationDeps, rule: Rule, reading: Reading, now: number, { memory }: Standing): Decided[] {
  try {
    return [{ rule, reading, decision: decide(rule, memory.of(rule.trigger.id), reading, now) }];
  } catch (fault) {
    deps.onFault(rule, fault);
    return [];
  }
}

async function carryOut(deps: EvaluationDeps, decided: Decided[], now: number, standing: Standing): Promise<void> {
  const { memory } = standing;
  const moves = decided.filter(({ decision }) => decision.kind === 'move');
  for (const { rule, decision } of decided) {
    if (decision.kind === 'hold' || decision.kind === 'skip') memory.hold(rule.trigger.id, decision.state);
  }
  await saveStates(
    deps,
    moves.map(({ rule, decision }) => ({ trigger: rule.trigger.id, state: decision.state })),
    standing,
  );
  const firings = decided.filter(({ decision }) => decision.kind === 'fire');
  for (const some of groupsOf(firings, AT_ONCE)) await Promise.all(some.map((one) => tell(deps, one, now, standing)));
}

/** @throws StaleEvaluation */
export async function saveStates(
  { triggers }: Pick<EvaluationDeps, 'triggers'>,
  states: { trigger: string; state: TriggerState }[],
  { lease, memory }: Standing,
): Promise<void> {
  for (const some of groupsOf(states, SAVED_AT_ONCE)) {
    const results = await triggers.save(some.map(({ trigger, state }) => advanceOf(trigger, state, lease, memory)));
    some.forEach(({ trigger, state }, i) => {
      if (results[i]) memory.moved(trigger, state);
    });
    if (results.includes(false)) throw new StaleEvaluation('a state has moved on, or another process evaluates');
  }
}

async function tell(deps: EvaluationDeps, { rule, decision }: Decided, now: number, standing: Standing): Promise<void> {
  if (decision.kind !== 'fire') return;
  const { id } = rule.trigger;
  const { firing, state } = decision;
  const result = await deps.fire(rule, firing, advanceOf(id, state, standing.lease, standing.memory));
  if (result.status === 'stale') throw new StaleEvaluation('a state has moved on, or another process evaluates');
  if (result.status !== 'accepted') {
    deps.onFault(rule, new Error(`its event can't be stored: ${JSON.stringify(result)}`));
    return;
  }
  standing.memory.moved(id, state);
  deps.onFired(firing.type, now - firing.occurred_at);
}

function advanceOf(
  trigger: string,
  state: TriggerState,
  lease: Standing['lease'],
  memory: StateMemory,
): TriggerAdvance {
  return { trigger, epoch: lease.epoch, state_epoch: memory.epochOf(trigger), state: storable(state) };
}
