import type { Clock } from '../../model/ids.ts';
import type { Trigger } from '../../model/notifications.ts';
import { createFaultLog, faultFields, type Logger } from '../../ops/logger.ts';
import type { Metrics } from '../../ops/metrics.ts';
import type { Counting } from '../../store/counting.ts';
import type { EvaluatorLease, TriggerStore } from '../../store/triggers.ts';
import type { NotificationsView } from '../sites/view.ts';
import { type EvaluationDeps, evaluate, StaleEvaluation, saveStates } from './evaluation.ts';
import type { Fire } from './fire.ts';
import { createStateMemory, type StateMemory } from './memory.ts';
import type { Rule } from './rule.ts';
import { makeRules, type Rules } from './rules.ts';
import { changesWithTime } from './timed.ts';
import { createUsualValues } from './usual.ts';
import { createValueRecorder } from './values.ts';

export interface EvaluatorDeps {
  notifications: { readonly current: NotificationsView };
  counting: Counting;
  triggers: TriggerStore;
  fire: Fire;
  /** Milliseconds, for pacing only: what is decided goes by the store's clock. */
  elapsed: Clock;
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  logger: Logger;
  metrics: Pick<Metrics, 'triggerEvaluation' | 'triggerFirings' | 'triggerLag' | 'triggerFaults' | 'evaluating'>;
}

export interface Evaluator {
  run(): void;
  /** One step, as `run` takes four times a second. False: another process evaluates, or there is nothing to evaluate. */
  step(): Promise<boolean>;
  /** Finishes the step under way and gives the lease back, so that another process goes on at once. */
  stop(): Promise<void>;
}

/** Short, so that each has little to tell: what is told at once delays the hits that come meanwhile. */
const STEP_MS = 250;
/** Time alone can end a spike, or make a drop. */
const TIMED_EVERY_MS = 10_000;
/** PocketBase forgets which sites had hits when it is killed; what they make is told within 30 seconds even so. */
const ALL_EVERY_MS = 25_000;
/** With the renewals this far apart, another process takes over after 8 seconds at most. */
const LEASE_MS = 6_000;
const RENEWED_EVERY_MS = 2_000;
const ASKED_FOR_EVERY_MS = 1_000;

interface Session {
  lease: EvaluatorLease;
  memory: StateMemory;
  /** Of the sites that were touched. */
  cursor: string;
  /** When those were looked at that change with time, and when all. */
  timedAt: number;
  allAt: number;
  /** As they were looked at: an edit is looked at at once. */
  evaluated: Rules | undefined;
  /** Of the step before: they have more to tell. */
  more: Rule[];
  /** Triggers whose visitors or completions could not be counted when they were looked at. */
  unread: Set<string>;
}

type Look = 'all' | 'timed' | 'touched';

/**
 * Looks four times a second at the triggers of sites that had hits, every 10 seconds at those that change with time, now and then
 * at all: in one process at a time, whichever has the lease. What it knows it can read again, so any fault of the store ends the
 * session, and the next one begins with reading.
 */
export function createEvaluator(deps: EvaluatorDeps): Evaluator {
  const { counting, triggers, metrics, elapsed } = deps;
  const abort = new AbortController();
  const faults = createFaultLog(deps.logger, 'triggers not evaluated');
  const triggerFaults = createFaultLog(deps.logger, 'a trigger not evaluated');
  const usual = createUsualValues(counting);
  const values = createValueRecorder({ counting });
  const evaluation: EvaluationDeps = {
    counting,
    usual,
    triggers,
    fire: deps.fire,
    onFired(type, lagMs) {
      metrics.triggerFirings.inc({ type });
      metrics.triggerLag.observe(lagMs / 1_000);
    },
    onFault: ({ trigger }, fault) => reportFault(trigger, fault),
  };
  let loop: Promise<void> | undefined;
  let session: Session | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let made: { view: NotificationsView; rules: Rules } | undefined;

  function reportFault({ id }: Pick<Trigger, 'id'>, fault: unknown): void {
    metrics.triggerFaults.inc();
    triggerFaults.failed(fault, { trigger: id });
  }

  function rulesOf(view: NotificationsView): Rules {
    if (made?.view !== view) made = { view, rules: makeRules(view, { onFault: reportFault, before: made?.rules }) };
    return made.rules;
  }

  /** Undefined: another process evaluates. */
  async function hold(): Promise<Session | undefined> {
    if (elapsed() - renewedAt < (session ? RENEWED_EVERY_MS : ASKED_FOR_EVERY_MS)) return session;
    const lease = await triggers.lease(LEASE_MS);
    renewedAt = elapsed();
    metrics.evaluating.set(lease.held ? 1 : 0);
    if (!lease.held) return undefined;
    if (session?.lease.epoch === lease.epoch) return { ...session, lease };
    const memory = createStateMemory(await triggers.readStates());
    const never = Number.NEGATIVE_INFINITY;
    return {
      lease,
      memory,
      cursor: '',
      timedAt: never,
      allAt: never,
      evaluated: undefined,
      more: [],
      unread: new Set(),
    };
  }

  async function pass(current: Session, view: NotificationsView): Promise<void> {
    const rules = rulesOf(view);
    const { sites, cursor } = await counting.readTouched(current.cursor);
    current.cursor = cursor;
    const began = elapsed();
    const look = lookAt(current, began);
    const chosen = choose(look, rules, sites, current);
    const isComplete = await usual.refresh(chosen, current.lease.now);
    const end = metrics.triggerEvaluation.startTimer({ triggers: look });
    const left = await evaluate(evaluation, chosen, current);
    end();
    current.more = left.more;
    for (const { trigger } of chosen) current.unread.delete(trigger.id);
    for (const { trigger } of left.unread) current.unread.add(trigger.id);
    if (isComplete) current.evaluated = rules;
    if (look === 'touched' || !isComplete) return;
    current.timedAt = began;
    if (look === 'all') current.allAt = began;
    if (await values.record(view, rules.all, current.lease.now)) {
      await saveStates(evaluation, current.memory.unsaved(), current);
    }
  }

  async function step(): Promise<boolean> {
    const view = deps.notifications.current;
    if (view.sites.length === 0 && !session) return false;
    try {
      session = await hold();
      if (!session) return false;
      await pass(session, view);
      faults.worked();
      return true;
    } catch (fault) {
      session = undefined;
      renewedAt = Number.NEGATIVE_INFINITY;
      if (!(fault instanceof StaleEvaluation)) faults.failed(fault);
      return false;
    }
  }

  return {
    run() {
      loop ??= keepStepping();
    },
    step,
    async stop() {
      abort.abort();
      await loop;
      if (session)
        await triggers.lease(0).catch((fault) => deps.logger.debug('lease not given back', faultFields(fault)));
      session = undefined;
    },
  };

  async function keepStepping(): Promise<void> {
    while (!abort.signal.aborted) {
      const began = elapsed();
      await step();
      await deps.sleep(Math.max(STEP_MS - (elapsed() - began), 0), abort.signal);
    }
  }
}

function lookAt({ timedAt, allAt }: Session, now: number): Look {
  if (now - allAt >= ALL_EVERY_MS) return 'all';
  return now - timedAt >= TIMED_EVERY_MS ? 'timed' : 'touched';
}

/** In any case those of sites that had hits, those that were edited, and those that wait for one more reading or have more to tell. */
function choose(look: Look, rules: Rules, sites: string[], session: Session): readonly Rule[] {
  if (look === 'all') return rules.all;
  const { memory, evaluated, more, unread } = session;
  const isEdited = (rule: Rule) => evaluated?.ofTrigger(rule.trigger.id) !== rule;
  const mayHaveChanged = (rule: Rule) =>
    unread.has(rule.trigger.id) || changesWithTime(rule, memory.of(rule.trigger.id));
  const known = (id: string) => rules.ofTrigger(id) ?? [];
  return [
    ...new Set([
      ...sites.flatMap((site) => rules.of(site)),
      ...memory.watched().flatMap(known),
      ...more.flatMap(({ trigger }) => known(trigger.id)),
      ...(evaluated === rules ? [] : rules.all.filter(isEdited)),
      ...(look === 'timed' ? rules.all.filter(mayHaveChanged) : []),
    ]),
  ];
}
