import { DESTINATION_TYPES } from '../destinations/index.ts';
import {
  type Compiled,
  type CompiledTemplate,
  type Context,
  compileFilter,
  compileTemplate,
  type ExpressionError,
  type Filter,
  type FilterResult,
  type Rendered,
} from '../expressions/index.ts';
import { type Destination, heldReason, type Mapping } from '../model/configuration.ts';
import type { PlannedDelivery } from '../model/delivery.ts';
import type { Decision } from '../model/event.ts';
import type { ClauseResult } from '../model/explanation.ts';
import type { Route } from '../store/configuration.ts';

/** What a mapping would send: the event's own body, or a rendered one. */
export type Rendering =
  | { ok: true; passthrough: true }
  | { ok: true; passthrough: false; body: string; content_type: string }
  | { ok: false; where: string; message: string };

export type Planned = { decision: Decision; delivery?: PlannedDelivery };

export interface Planner {
  /**
   * Decides about one mapping; first events, preview and replay with current rules all ask here.
   * @param failure of one of the source's own expressions: nothing may be decided on what it left out
   */
  plan(route: Route, context: Context, failure: ExpressionError | undefined): Planned;
  /** The filter clause by clause, with the values that it reads; empty without a filter, or with one that is broken. */
  explain(route: Route, context: Context): ClauseResult[];
  /** Renders without filtering. */
  render(route: Route, context: Context): Rendering;
}

export interface PlannerDeps {
  makeId: () => string;
  /** How long a delivery may try, in milliseconds. */
  expiresInMs: number;
  /** Where people open the dashboard; default bodies link to the event there. */
  publicUrl?: string | undefined;
}

interface MappingRules {
  filter: Compiled<Filter>;
  /** Undefined: the destination's default body. */
  template: Compiled<CompiledTemplate> | undefined;
}

/** Rules are compiled once for each reading of the configuration: records keep their identity in between. */
export function createPlanner(deps: PlannerDeps): Planner {
  const compiled = new WeakMap<Mapping, MappingRules>();

  function rulesOf(mapping: Mapping): MappingRules {
    let rules = compiled.get(mapping);
    if (!rules) {
      const hasTemplate = mapping.template !== null && mapping.template !== '';
      rules = {
        filter: compileFilter(mapping.filter),
        template: hasTemplate ? compileTemplate(mapping.template) : undefined,
      };
      compiled.set(mapping, rules);
    }
    return rules;
  }

  function render({ mapping, destination }: Route, context: Context): Rendering {
    const type = DESTINATION_TYPES[destination.type];
    const { template } = rulesOf(mapping);
    if (!template && !type.defaultBody) return { ok: true, passthrough: true };
    const rendered = template
      ? renderTemplate(template, context)
      : { ok: true as const, value: type.defaultBody?.(defaultInput(context, deps.publicUrl)) };
    if (!rendered.ok)
      return { ok: false, where: whereIn('template', rendered.error.where), message: rendered.error.message };
    const { body, content_type } = type.fit(rendered.value);
    return { ok: true, passthrough: false, body, content_type: mapping.content_type || content_type };
  }

  function plan(route: Route, context: Context, failure: ExpressionError | undefined): Planned {
    const { mapping, destination } = route;
    const subject = { mapping: mapping.id, destination: destination.id };
    if (!mapping.enabled) return { decision: { ...subject, outcome: 'disabled' } };
    if (failure)
      return { decision: { ...subject, outcome: 'error', where: `source.${failure.where}`, message: failure.message } };
    const filtered = evaluateFilter(rulesOf(mapping).filter, context);
    if ('error' in filtered)
      return { decision: { ...subject, outcome: 'error', where: 'filter', message: filtered.error.message } };
    if (!filtered.matched) return { decision: { ...subject, outcome: 'filtered', clause: filtered.clause } };
    const rendering = render(route, context);
    if (!rendering.ok)
      return { decision: { ...subject, outcome: 'error', where: rendering.where, message: rendering.message } };
    return planDelivery(mapping, destination, rendering);
  }

  function planDelivery(mapping: Mapping, destination: Destination, rendering: Rendering & { ok: true }): Planned {
    const held = heldReason(destination);
    const delivery: PlannedDelivery = {
      id: deps.makeId(),
      mapping: mapping.id,
      destination: destination.id,
      state: held === undefined ? 'pending' : 'held',
      passthrough: rendering.passthrough,
      request_body: rendering.passthrough ? '' : rendering.body,
      request_content_type: rendering.passthrough ? '' : rendering.content_type,
      expires_in_ms: deps.expiresInMs,
      lease: false,
    };
    const subject = { mapping: mapping.id, destination: destination.id, delivery: delivery.id };
    return {
      delivery,
      decision:
        held === undefined ? { ...subject, outcome: 'delivery' } : { ...subject, outcome: 'held', reason: held },
    };
  }

  function explain({ mapping }: Route, context: Context): ClauseResult[] {
    const { filter } = rulesOf(mapping);
    return filter.ok ? filter.value.explain(context) : [];
  }

  return { plan, explain, render };
}

/** A rule that can't even be compiled (it was stored before a check knew better) fails for each event, visibly. */
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
    link: eventLink(context.event.id, publicUrl),
  };
}

/** The dashboard's own form of an address; a preview's event has no id, and nothing to show. */
function eventLink(id: string, publicUrl: string | undefined): string | undefined {
  return publicUrl !== undefined && id !== ''
    ? `${publicUrl}/_/#/collections?collection=events&record=${id}`
    : undefined;
}

function whereIn(field: string, where: string | undefined): string {
  return where ? `${field}.${where}` : field;
}
