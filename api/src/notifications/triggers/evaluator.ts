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
  /** One step, as `run` takes every second. False: another process evaluates, or there is nothing to evaluate. */
  step(): Promise<boolean>;
  /** Finishes the step under way and gives the lease back, so that another process goes on at once. */
  stop(): Promise<void>;
}

const STEP_MS = 1_000;
/** Time alone can end a spike, or make a drop. */
const ALL_EVERY_MS = 10_000;
/** With the renewals this far apart, another process takes over after 8 seconds at most. */
const LEASE_MS = 6_000;
const RENEWED_EVERY_MS = 2_000;

interface Session {
  lease: EvaluatorLease;
  memory: StateMemory;
  /** Of the sites that were touched. */
  cursor: string;
  /** When all were looked at, and which those were: an edit is looked at at once. */
  allAt: number;
  evaluated: Rules | undefined;
}

/**
 * Looks every second at the triggers of sites that had hits, every 10 seconds at all: in one process at a time, whichever has
 * the lease. What it knows it can read again, so any fault of the store ends the session, and the next one begins with reading.
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
    if (made?.view !== view) made = { view, rules: makeRules(view, reportFault) };
    return made.rules;
  }

  /** Undefined: another process evaluates. */
  async function hold(): Promise<Session | undefined> {
    if (session && elapsed() - renewedAt < RENEWED_EVERY_MS) return session;
    const lease = await triggers.lease(LEASE_MS);
    renewedAt = elapsed();
    metrics.evaluating.set(lease.held ? 1 : 0);
    if (!lease.held) return undefined;
    if (session?.lease.epoch === lease.epoch) return { ...session, lease };
    const memory = createStateMemory(await triggers.readStates());
    return { lease, memory, cursor: '', allAt: Number.NEGATIVE_INFINITY, evaluated: undefined };
  }

  async function pass(current: Session, view: NotificationsView): Promise<void> {
    const rules = rulesOf(view);
    const { sites, cursor } = await counting.readTouched(current.cursor);
    current.cursor = cursor;
    const began = elapsed();
    const all = began - current.allAt >= ALL_EVERY_MS || current.evaluated !== rules;
    const complete = !all || (await usual.refresh(rules.all, current.lease.now));
    const end = metrics.triggerEvaluation.startTimer({ triggers: all ? 'all' : 'touched' });
    await evaluate(evaluation, all ? rules.all : touched(rules, sites, current.memory), current);
    end();
    if (!all) return;
    if (complete) Object.assign(current, { allAt: began, evaluated: rules });
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

/** Of the sites that had hits, and those that wait for one more reading in a row. */
function touched(rules: Rules, sites: string[], memory: StateMemory): Rule[] {
  const watched = new Set(memory.watched());
  const bySite = sites.flatMap((site) => rules.of(site));
  return watched.size === 0
    ? bySite
    : [...new Set([...bySite, ...rules.all.filter(({ trigger }) => watched.has(trigger.id))])];
}
