import type { Source } from '../model/configuration.ts';
import type { Event, EventContent } from '../model/event.ts';
import { type ConfigurationCache, type Route, refuseUnreadable } from '../store/configuration.ts';
import { parseBody } from './body.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { headerMap } from './headers.ts';
import { decideBroken, type Planner, type RoutePlan } from './plan.ts';

export interface ReplanDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  describe: Describe;
  planner: Pick<Planner, 'planAll'>;
}

/** Has no route when its mapping or destination can't be read. */
export type ReplannedRoute = RoutePlan & { route?: Route };

/**
 * Applies the current rules to a stored event, by the same functions that decide about a new one.
 * @throws Problem `conflict`: its source can't be read
 */
export type Replan = (event: EventContent) => Promise<ReplannedRoute[]>;

export function createReplan(deps: ReplanDeps): Replan {
  return async (event) => {
    const { current } = deps.configuration;
    const source = current.sourceById(event.source);
    if (!source) refuseUnreadable(current, event.source);
    if (!source) return [];
    const { context, failure } = await describeStored(source, event, deps.describe);
    return [
      ...(await deps.planner.planAll(current.routesOf(source), context, failure)),
      ...current.brokenRoutesOf(source).map((broken) => ({ decision: decideBroken(broken) })),
    ];
  };
}

/** The context of a stored event, evaluated by its source's current expressions, and the first failure among them. */
export async function describeStored(source: Source, event: EventContent, describe: Describe) {
  const context = storedContext(source.name, { ...event, extracted: {} });
  const described = await describe(source, context);
  context.event.type = described.type;
  context.data = described.extracted;
  return { context, failure: described.failure };
}

/** The context that a stored event had when it was accepted, with the type and `data` stored then. */
export function storedContext(source: string, event: EventContent & Pick<Event, 'extracted'>) {
  const raw = Buffer.from(event.body, event.body_encoding === 'utf8' ? 'utf8' : 'base64');
  const parsed = parseBody(raw, event.content_type);
  return createContext(source, event, headerMap(event.headers), parsed.ok ? parsed.value : null);
}
