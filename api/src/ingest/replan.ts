import type { ExpressionError } from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import type { Event, EventContent } from '../model/event.ts';
import { type ConfigurationCache, type Route, refuseUnreadable } from '../store/configuration.ts';
import { parseBody, readMalformed } from './body.ts';
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
  const body = readStoredBody(event);
  const context = createContext(source.name, { ...event, extracted: {} }, headerMap(event.headers), body.value);
  const described = await describe(source, context);
  context.event.type = described.type;
  context.data = described.extracted;
  return { context, failure: body.failure ?? described.failure };
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
