import { DESTINATION_TYPES } from '../destinations/index.ts';
import {
  type CompileBudget,
  type Compiled,
  type CompiledTemplate,
  type Context,
  chargeBody,
  compileFilter,
  compileRequestTexts,
  compileTemplate,
  type ExpressionError,
  type Filter,
  type FilterResult,
  type Rendered,
  type RequestValues,
  withShare,
} from '../expressions/index.ts';
import { type Destination, heldReason, type Mapping } from '../model/configuration.ts';
import { type DeliveryContent, newDelivery, type PlannedDelivery } from '../model/delivery.ts';
import type { Decision } from '../model/event.ts';
import { eventLink } from '../model/event-link.ts';
import type { ClauseResult } from '../model/explanation.ts';
import { relayedValues } from '../model/relay.ts';
import type { BrokenRoute, Route } from '../store/configuration.ts';
import type { Planned } from '../store/submission.ts';
import { compiledRules } from './compiled-rules.ts';
import { createTurns } from './turns.ts';

/** The body that a mapping sends: the event's own, or a rendered one. */
export type Rendering = ({ ok: true } & DeliveryContent) | { ok: false; where: string; message: string };

export type RoutePlan = { decision: Decision; delivery?: PlannedDelivery };
export type PlannedRoute = RoutePlan & { route: Route };

export interface Planner {
  /** Compiles the rules that aren't compiled yet, yielding to the event loop in between. */
  prepare(routes: Route[]): Promise<void>;
  /**
   * Decides for each mapping of an event's source whether and what it delivers; used for new events and for replay with
   * current rules. The mappings share the event's budget of expression steps. Yields to the event loop when it takes long.
   * @param failure of one of the source's own expressions: every decision is then `error`, since its value is missing
   */
  planAll(routes: Route[], context: Context, failure: ExpressionError | undefined): Promise<PlannedRoute[]>;
  /** `planAll`, plus the result of each clause of each filter. */
  explainAll(
    routes: Route[],
    context: Context,
    failure: ExpressionError | undefined,
  ): Promise<(RoutePlan & { clauses: ClauseResult[] })[]>;
  /** Decides for one mapping, which gets the whole budget of the event. */
  plan(route: Route, context: Context, failure: ExpressionError | undefined): RoutePlan;
  /** The result of each clause of the filter, with the values it read; empty without a filter, or if it doesn't compile. */
  explain(route: Route, context: Context): ClauseResult[];
  /** Renders the body, whatever the filter says. */
  render(route: Route, context: Context): Rendering;
}

export interface PlannerDeps {
  makeId: () => string;
  /** How long deliveries are tried before they expire, in milliseconds. */
  expiresInMs: number;
  /** Base URL of the dashboard; default bodies link to the event there. */
  publicUrl?: string | undefined;
}

interface MappingRules {
  filter: Compiled<Filter>;
  /** Undefined: the destination's default body. */
  template: Compiled<CompiledTemplate> | undefined;
}

export function createPlanner(deps: PlannerDeps): Planner {
  const rules = compiledRules(compileRules);
  const requestTexts = compiledRules(compileDestination);

  async function prepare(routes: Route[]): Promise<void> {
    const turn = createTurns();
    for (const { mapping } of routes) {
      rules.of(mapping);
      await turn();
    }
  }

  async function inTurn<T>(routes: Route[], context: Context, decide: (route: Route) => T): Promise<T[]> {
    const results: T[] = [];
    const turn = createTurns();
    await prepare(routes);
    for (const route of routes) {
      await turn();
      results.push(withShare(context.meter, routes.length - 1 - results.length, () => decide(route)));
    }
    return results;
  }

  function render({ mapping, destination }: Route, context: Context): Rendering {
    const type = DESTINATION_TYPES[destination.type];
    const { template } = rules.of(mapping);
    if (!template && !type.defaultBody) return { ok: true, passthrough: true };
    const rendered = template
      ? renderTemplate(template, context)
      : { ok: true as const, value: type.defaultBody?.(defaultInput(context, deps.publicUrl)) };
    if (!rendered.ok)
      return { ok: false, where: whereIn('template', rendered.error.where), message: rendered.error.message };
    const { body, content_type } = type.fit(rendered.value);
    const tooMuch = chargeBody(context.meter, body.length);
    if (tooMuch) return { ok: false, where: 'template', message: tooMuch.message };
    return { ok: true, passthrough: false, body, content_type: mapping.content_type || content_type };
  }

  function plan(route: Route, context: Context, failure: ExpressionError | undefined): RoutePlan {
    const { mapping, destination } = route;
    const subject = { mapping: mapping.id, destination: destination.id };
    if (!mapping.enabled) return { decision: { ...subject, outcome: 'disabled' } };
    if (failure)
      return { decision: { ...subject, outcome: 'error', where: `source.${failure.where}`, message: failure.message } };
    const filtered = evaluateFilter(rules.of(mapping).filter, context);
    if ('error' in filtered)
      return { decision: { ...subject, outcome: 'error', where: 'filter', message: filtered.error.message } };
    if (!filtered.matched) return { decision: { ...subject, outcome: 'filtered', clause: filtered.clause } };
    const rendering = render(route, context);
    if (!rendering.ok)
      return { decision: { ...subject, outcome: 'error', where: rendering.where, message: rendering.message } };
    const values = requestTexts.of(destination).compiled;
    const evaluated = values?.ok ? values.value.evaluate(context) : values;
    if (evaluated?.ok === false)
      return { decision: { ...subject, outcome: 'error', where: 'destination', message: evaluated.error.message } };
    const relayed = relayedValues(destination.relay, { headers: context.headers, ...context.relayable });
    const request_values = relayed ? { ...evaluated?.value, ...relayed } : evaluated?.value;
    return planDelivery(mapping, destination, rendering, request_values);
  }

  function planDelivery(
    mapping: Mapping,
    destination: Destination,
    content: DeliveryContent,
    values: RequestValues | undefined,
  ): RoutePlan {
    const id = deps.makeId();
    const identity = { id, mapping: mapping.id, expires_in_ms: deps.expiresInMs };
    const delivery = newDelivery(identity, destination, content, values);
    const held = heldReason(destination);
    const subject = { mapping: mapping.id, destination: destination.id, delivery: id };
    return {
      delivery,
      decision:
        held === undefined ? { ...subject, outcome: 'delivery' } : { ...subject, outcome: 'held', reason: held },
    };
  }

  function explain({ mapping }: Route, context: Context): ClauseResult[] {
    const { filter } = rules.of(mapping);
    return filter.ok ? filter.value.explain(context) : [];
  }

  return {
    prepare,
    planAll: (routes, context, failure) =>
      inTurn(routes, context, (route) => ({ route, ...plan(route, context, failure) })),
    explainAll: (routes, context, failure) =>
      inTurn(routes, context, (route) => ({
        ...plan(route, context, failure),
        clauses: explain(route, context),
      })),
    plan,
    explain,
    render,
  };
}

/** The deliveries to store for an event, and the decision for each of its mappings. */
export function planOf(routes: (RoutePlan & { route?: Route })[]): { planned: Planned[]; decisions: Decision[] } {
  return {
    planned: routes.flatMap(({ delivery, route }) =>
      delivery && route ? [{ delivery, destination: route.destination }] : [],
    ),
    decisions: routes.map(({ decision }) => decision),
  };
}

function compileRules(mapping: Mapping, budget: CompileBudget): MappingRules {
  const hasTemplate = mapping.template !== null && mapping.template !== '';
  return {
    filter: compileFilter(mapping.filter, budget),
    template: hasTemplate ? compileTemplate(mapping.template, budget) : undefined,
  };
}

function compileDestination({ url, headers }: Destination, budget: CompileBudget) {
  return { compiled: compileRequestTexts([url, ...Object.values(headers ?? {})], budget) };
}

/** A rule that doesn't compile (it was saved before the check refused it) yields an `error` decision for each event. */
function evaluateFilter(filter: Compiled<Filter>, context: Context): FilterResult {
  return filter.ok ? filter.value.evaluate(context) : { error: filter.error };
}

function renderTemplate(template: Compiled<CompiledTemplate>, context: Context): Rendered {
  return template.ok ? template.value.render(context) : template;
}

function defaultInput(context: Context, publicUrl: string | undefined) {
  return {
    source: context.source,
    type: context.event.type,
    received_at: context.event.received_at,
    data: context.data,
    // A preview's event is not stored, and has no id.
    link: publicUrl !== undefined && context.event.id !== '' ? eventLink(publicUrl, context.event.id) : undefined,
  };
}

/** The decision for a mapping that can't be read, or whose destination can't be. */
export function decideBroken({ mapping, destination, unreadable }: BrokenRoute): Decision {
  return { mapping, destination, outcome: 'error', where: unreadable.kind, message: unreadable.problem };
}

function whereIn(field: string, where: string | undefined): string {
  return where ? `${field}.${where}` : field;
}
