import { type Context, type ExpressionError, metersFor, stringifyJson } from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import type { PlannedDelivery } from '../model/delivery.ts';
import type { Event, EventContent } from '../model/event.ts';
import { type ConfigurationCache, type Route, refuseUnreadable } from '../store/configuration.ts';
import { parseBody, readMalformed } from './body.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { headerMap } from './headers.ts';
import { decideBroken, type Planner, type RoutePlan } from './plan.ts';
import type { Split } from './split.ts';

export interface ReplanDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  split: Split;
  describe: Describe;
  planner: Pick<Planner, 'planAll'>;
}

/** Has no route when its mapping or destination can't be read. */
export type ReplannedRoute = RoutePlan & { route?: Route };

/**
 * Applies the current rules to a stored event, by the same functions that decide about a new one. A request that was stored as
 * a whole, and is to be split by now, has the deliveries of each of its events.
 * @throws Problem `conflict`: its source can't be read
 */
export type Replan = (event: EventContent) => Promise<ReplannedRoute[]>;

export function createReplan(deps: ReplanDeps): Replan {
  return async (event) => {
    const { current } = deps.configuration;
    const source = current.sourceById(event.source);
    if (!source) refuseUnreadable(current, event.source);
    if (!source) return [];
    const planned: ReplannedRoute[] = [];
    for await (const part of describeStored(source, event, deps)) {
      const routes = await deps.planner.planAll(current.routesOf(source), part.context, part.failure);
      planned.push(...(part.item === 0 ? routes : routes.map((route) => withOwnBody(route, part.event))));
    }
    return [...planned, ...current.brokenRoutesOf(source).map((broken) => ({ decision: decideBroken(broken) }))];
  };
}

/** A stored event, or one of those that the request is split into which it stands for. */
export interface StoredPart {
  /** From 1; 0: the stored event as it is. */
  item: number;
  event: EventContent;
  context: Context;
  /** The first of the source's expressions that failed. */
  failure: ExpressionError | undefined;
}

/** Describes a stored event by its source's current expressions; a whole request of a source that splits, each of its events. */
export async function* describeStored(
  source: Source,
  event: EventContent,
  { split, describe }: Pick<ReplanDeps, 'split' | 'describe'>,
): AsyncGenerator<StoredPart, void> {
  const body = readStoredBody(event);
  const headers = headerMap(event.headers);
  const context = createContext(source.name, { ...event, extracted: {} }, headers, body.value);
  const found = event.item === 0 && !body.failure ? split(source, context) : undefined;
  if (!found || found.failure) {
    const failure = await describeInto(context, event.item);
    yield { item: 0, event, context, failure: body.failure ?? found?.failure ?? failure };
    return;
  }
  const meters = metersFor(found.items.length);
  for (const [index, value] of found.items.entries()) {
    const item = { ...event, content_type: ITEM_TYPE, body: stringifyJson(value), body_encoding: 'utf8' as const };
    const own = { ...createContext(source.name, { ...item, extracted: {} }, headers, value), meter: meters.next() };
    const failure = await describeInto(own, index + 1);
    yield { item: index + 1, event: item, context: own, failure };
  }

  async function describeInto(into: Context, item: number): Promise<ExpressionError | undefined> {
    const { type, extracted, failure } = await describe(source, into, item);
    into.event.type = type;
    into.data = extracted;
    return failure;
  }
}

/** What the body of an event is that was an element of a list. */
export const ITEM_TYPE = 'application/json';

/** The event's own body is that of the whole request, so what would pass it on has the item's. */
function withOwnBody(planned: ReplannedRoute, { body, content_type }: EventContent): ReplannedRoute {
  if (!planned.delivery?.passthrough) return planned;
  const delivery: PlannedDelivery = {
    ...planned.delivery,
    passthrough: false,
    request_body: body,
    request_content_type: content_type,
  };
  return { ...planned, delivery };
}

/** The context that a stored event had when it was accepted, with the type and `data` stored then. */
export function storedContext(source: string, event: EventContent & Pick<Event, 'extracted'>) {
  return createContext(source, event, headerMap(event.headers), readStoredBody(event).value);
}

function readStoredBody(event: EventContent): { value: unknown; failure?: ExpressionError } {
  const raw = Buffer.from(event.body, event.body_encoding === 'utf8' ? 'utf8' : 'base64');
  const parsed = parseBody(raw, event.content_type);
  return parsed.ok ? parsed : readMalformed(raw, event.content_type, parsed.detail);
}
