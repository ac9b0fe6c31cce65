import { setImmediate } from 'node:timers/promises';
import type { Schemas } from '../../client/schemas.ts';
import { workDone } from '../expressions/index.ts';
import { describeStored, type StoredPart } from '../ingest/replan.ts';
import type { Source } from '../model/configuration.ts';
import type { StoredEvent } from '../model/event.ts';
import type { SeenValue } from '../model/explanation.ts';
import type { Clock } from '../model/ids.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import { isTheirs } from '../store/account-scope.ts';
import { type Route, refuseUnreadable } from '../store/configuration.ts';
import type { AccountScope, History, Records } from '../store/records.ts';
import { type BodyChange, bodyChanges } from './body-changes.ts';
import { draftRoute, type PreviewDeps } from './preview.ts';
import { type PreviewOutcome, previewOutcome } from './preview-outcome.ts';

export type BacktestRequest = Schemas['Backtest'];

/** An outcome without the body. */
export type BacktestOutcome =
  | { outcome: 'delivery'; content_type: string }
  | { outcome: 'filtered'; clause: string; values: SeenValue[] }
  | { outcome: 'error'; where: string; message: string };

export type BacktestChange = 'newly_delivered' | 'newly_dropped' | 'changed_body' | 'error' | 'unchanged';

export interface BacktestedEvent {
  event: string;
  /** Which one it is of those that the stored event is split into, from 1; 0: it is not split. */
  item: number;
  type: string;
  received_at: string;
  change: BacktestChange;
  /** By the saved rules; null if the mapping doesn't exist yet. */
  before: BacktestOutcome | null;
  after: BacktestOutcome;
  /** Where the bodies differ, if `change` is `changed_body`. */
  body_changes: BodyChange[];
}

export interface BacktestResult {
  totals: Record<BacktestChange, number> & { events: number };
  /** False if the limit of time or steps was reached, so that further events weren't evaluated. */
  complete: boolean;
  /** In the order of the requested ids, else newest first. */
  events: BacktestedEvent[];
}

export type BacktestDeps = Omit<PreviewDeps, 'history'> & {
  history: Pick<History, 'listEvents' | 'getEvent'>;
  records: Pick<Records, 'get'>;
  now: Clock;
};

export type Backtest = (request: BacktestRequest, scope: AccountScope) => Promise<BacktestResult>;

/** The rules to compare. */
interface Rules {
  source: Source;
  /** The same as `source`, unless its extraction is edited too. */
  edited: Source;
  /** Undefined for a new mapping. */
  before: Route | undefined;
  after: Route;
}

const EVENTS_BY_DEFAULT = 100;
/** Events per page: each contains its extracted fields, up to 256 KiB. */
const PAGE = 25;
/** Shorter than the timeout of common proxies. */
const TIME_MS = 20_000;
/** Limit of expression steps: the maximum of 20 events, about one second of CPU. */
const WORK = 20_000_000;
const AT_ONCE = 2;

/**
 * Compares what edited rules and the saved rules make of stored events, by the same functions (describe and plan) that new
 * events go through. Each backtest holds one event's body in memory at a time; two may run at once.
 * @throws Problem `validation_failed`, `not_found` (mapping, source, event), `too_many_requests`
 */
export function createBacktest(deps: BacktestDeps): Backtest {
  let running = 0;
  return async (request, scope) => {
    if (running >= AT_ONCE)
      throw new Problem('too_many_requests', `${AT_ONCE} backtests are under way. Try again in a few seconds.`, {
        retryAfter: 5,
      });
    running++;
    try {
      return await backtest(request, scope);
    } finally {
      running--;
    }
  };

  async function backtest(request: BacktestRequest, scope: AccountScope): Promise<BacktestResult> {
    const rules = await rulesFor(request, scope);
    const until = deps.now() + TIME_MS;
    let work = 0;
    const result: BacktestResult = { totals: { ...NONE }, complete: true, events: [] };
    for await (const id of idsOf(request, rules.source, scope)) {
      if (deps.now() >= until || work >= WORK) return { ...result, complete: false };
      const event = await getEvent(id, rules.source, scope);
      if (!event) continue;
      for await (const { compared, steps } of compare(rules, event)) {
        work += steps;
        result.events.push(compared);
        result.totals.events++;
        result.totals[compared.change]++;
        if (deps.now() >= until || work >= WORK) return { ...result, complete: false };
      }
    }
    return result;

    /** A listed event may be deleted by now and is skipped; a requested one must exist. */
    async function getEvent(id: string, source: Source, of: AccountScope): Promise<StoredEvent | undefined> {
      const event = await deps.history.getEvent(id, of).catch((fault) => {
        if (request.events || !(fault instanceof Problem && fault.code === 'not_found')) throw fault;
        return undefined;
      });
      if (!event || event.source === source.id) return event;
      throw fieldProblem(
        '/events',
        `has ${id}, which is an event of another source and would never reach this mapping`,
      );
    }
  }

  async function rulesFor(request: BacktestRequest, scope: AccountScope): Promise<Rules> {
    const stored = request.mapping === undefined ? undefined : await routeInForce(request.mapping, scope);
    const id = stored?.mapping.source ?? request.source;
    if (id === undefined) throw fieldProblem('/source', 'is needed where there is no mapping');
    if (request.source !== undefined && request.source !== id)
      throw fieldProblem('/source', 'is not that of the mapping');
    const source = deps.configuration.current.sourceById(id);
    if (!isTheirs(source, scope)) throw new Problem('not_found', `There is no source ${id}.`);
    const edited = request.extract ? { ...source, extract: request.extract } : source;
    const before = stored && switchedOn(stored);
    return { source, edited, before, after: before ? edit(before, request) : draftRoute(request, edited) };
  }

  async function routeInForce(id: string, scope: AccountScope): Promise<Route> {
    const { source: sourceId } = await deps.records.get('mappings', id, scope);
    const { current } = deps.configuration;
    for (const part of [id, sourceId]) refuseUnreadable(current, part);
    const source = current.sourceById(sourceId);
    const route = source && current.routesOf(source).find(({ mapping }) => mapping.id === id);
    if (!route) throw new Problem('not_found', `There is no mapping ${id} in force.`);
    return route;
  }

  async function* idsOf(request: BacktestRequest, source: Source, scope: AccountScope): AsyncIterable<string> {
    if (request.events && request.last !== undefined) throw fieldProblem('/last', 'and events exclude each other');
    if (request.events) return yield* new Set(request.events);
    let left = request.last ?? EVENTS_BY_DEFAULT;
    let cursor: string | null | undefined;
    while (left > 0 && cursor !== null) {
      const page = { limit: Math.min(PAGE, left), ...(cursor !== undefined && { cursor }) };
      const { data, next_cursor } = await deps.history.listEvents({ source: source.id }, scope, page);
      yield* data.map(({ id }) => id);
      left -= data.length;
      cursor = next_cursor;
    }
  }

  async function* compare({ source, edited, before, after }: Rules, event: StoredEvent) {
    // Both split alike: only the extraction can be edited.
    const others = edited === source ? undefined : describeStored(source, event, deps);
    for await (const part of describeStored(edited, event, deps)) {
      const other = (await others?.next())?.value ?? part;
      const was = before && previewOutcome(deps.planner, before, other);
      // Let other requests run in between: each side may take a whole event's budget of steps.
      await setImmediate();
      const is = previewOutcome(deps.planner, after, part);
      await setImmediate();
      yield { compared: compared(event, part, was, is), steps: stepsOf(part, other) };
    }
  }
}

function compared(
  { id, received_at }: StoredEvent,
  { item, context }: StoredPart,
  was: PreviewOutcome | undefined,
  is: PreviewOutcome,
): BacktestedEvent {
  const change = changeOf(was, is);
  return {
    event: id,
    item,
    type: context.event.type,
    received_at,
    change,
    before: was ? withoutBody(was) : null,
    after: withoutBody(is),
    body_changes: change === 'changed_body' && was ? changesOf(was, is) : [],
  };
}

function stepsOf(...parts: StoredPart[]): number {
  const meters = new Set(parts.map(({ context }) => context.meter));
  return [...meters].reduce((steps, meter) => steps + workDone(meter), 0);
}

const NONE: BacktestResult['totals'] = {
  events: 0,
  newly_delivered: 0,
  newly_dropped: 0,
  changed_body: 0,
  error: 0,
  unchanged: 0,
};

/** Treats the mapping as enabled: a backtest shows what its rules do, even while it is disabled. */
function switchedOn({ mapping, destination }: Route): Route {
  return { mapping: { ...mapping, enabled: true }, destination };
}

function edit({ mapping, destination }: Route, request: BacktestRequest): Route {
  const { filter = mapping.filter, template = mapping.template, content_type = mapping.content_type } = request;
  return {
    mapping: { ...mapping, filter, template, content_type },
    destination: { ...destination, type: request.type ?? destination.type },
  };
}

function changeOf(before: PreviewOutcome | undefined, after: PreviewOutcome): BacktestChange {
  if (after.outcome === 'error') return 'error';
  if (after.outcome === 'filtered') return before && before.outcome !== 'filtered' ? 'newly_dropped' : 'unchanged';
  if (before?.outcome !== 'delivery') return 'newly_delivered';
  const [was, is] = [before.request, after.request];
  const same = was.body === is.body && was.body_encoding === is.body_encoding && was.content_type === is.content_type;
  return same ? 'unchanged' : 'changed_body';
}

function changesOf(before: PreviewOutcome, after: PreviewOutcome): BodyChange[] {
  if (before.outcome !== 'delivery' || after.outcome !== 'delivery') return [];
  return bodyChanges(textOf(before.request), textOf(after.request));
}

function textOf({ body, body_encoding }: Extract<PreviewOutcome, { outcome: 'delivery' }>['request']): string {
  return body_encoding === 'utf8' ? body : `(${Buffer.byteLength(body, 'base64')} bytes that are not text)`;
}

function withoutBody(outcome: PreviewOutcome): BacktestOutcome {
  if (outcome.outcome !== 'delivery') return outcome;
  return { outcome: 'delivery', content_type: outcome.request.content_type };
}
