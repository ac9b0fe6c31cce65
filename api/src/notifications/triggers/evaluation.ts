import type { Counting } from '../../store/counting.ts';
import type { TriggerAdvance } from '../../store/queue.ts';
import type { EvaluatorLease, TriggerStore } from '../../store/triggers.ts';
import { decide, type Reading } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Fire } from './fire.ts';
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

const AT_ONCE = 32;
/** Completions told of one trigger in a pass: more than a minute may have. */
const ROUNDS = 100;
const SAVED_AT_ONCE = 1_000;

/** Triggers looked at together. With all of 20,000 at once the process answers nobody else for a third of a second. */
const TOGETHER = 2_000;

/**
 * Reads what some triggers see, decides, and stores what comes of it: firings one by one, everything else together.
 * @throws StaleEvaluation; Problem `store_unavailable`, after which it is unknown what was stored
 */
export async function evaluate(deps: EvaluationDeps, rules: readonly Rule[], standing: Standing): Promise<void> {
  const levels = rules.filter(({ trigger }) => trigger.type !== 'goal_completion');
  const goals = rules.filter(({ trigger }) => trigger.type === 'goal_completion');
  for (const some of groupsOf(levels)) await evaluateLevels(deps, some, standing);
  for (const some of groupsOf(goals)) await evaluateGoals(deps, some, standing);
}

function* groupsOf(rules: readonly Rule[]): Generator<readonly Rule[]> {
  for (let first = 0; first < rules.length; first += TOGETHER) yield rules.slice(first, first + TOGETHER);
}

async function evaluateLevels(deps: EvaluationDeps, rules: readonly Rule[], standing: Standing): Promise<void> {
  const levels = await readLevels(deps, rules, standing.lease.counting_since);
  const decided = rules.flatMap((rule) => {
    const reading = levels.of(rule);
    return reading ? decideOne(deps, rule, reading, levels.now, standing) : [];
  });
  await carryOut(deps, decided, levels.now, standing);
}

async function evaluateGoals(deps: EvaluationDeps, rules: readonly Rule[], standing: Standing): Promise<void> {
  let left = rules;
  for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
    const { now, readings } = await readCompletions(
      deps,
      left.map((rule) => ({ rule, state: standing.memory.of(rule.trigger.id) })),
    );
    const decided = left.flatMap((rule, i) => {
      const reading = readings[i];
      return reading ? decideOne(deps, rule, reading, now, standing) : [];
    });
    await carryOut(deps, decided, now, standing);
    left = decided.filter(mayHaveMore).map(({ rule }) => rule);
  }
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

/** Whoever told of one completion, or passed one over, may have more to tell. */
function mayHaveMore({ reading, decision }: Decided): boolean {
  if (decision.kind === 'fire' || decision.kind === 'skip') return true;
  const { progress } = decision.state;
  const passedOver = 'next' in reading && progress?.seq === reading.next?.seq;
  return passedOver && progress !== undefined && 'last_seq' in reading && progress.seq < reading.last_seq;
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
  for (let first = 0; first < firings.length; first += AT_ONCE) {
    await Promise.all(firings.slice(first, first + AT_ONCE).map((one) => tell(deps, one, now, standing)));
  }
}

/** @throws StaleEvaluation */
export async function saveStates(
  { triggers }: Pick<EvaluationDeps, 'triggers'>,
  states: { trigger: string; state: TriggerState }[],
  { lease, memory }: Standing,
): Promise<void> {
  for (let first = 0; first < states.length; first += SAVED_AT_ONCE) {
    const some = states.slice(first, first + SAVED_AT_ONCE);
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
