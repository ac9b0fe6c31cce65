import { setImmediate } from 'node:timers/promises';
import type { Schemas } from '../../client/schemas.ts';
import { stringifyJson } from '../expressions/index.ts';
import { encodeBody, parseBody } from '../ingest/body.ts';
import type { Describe } from '../ingest/describe.ts';
import type { Planner } from '../ingest/plan.ts';
import { describeStored, type StoredPart } from '../ingest/replan.ts';
import type { Split } from '../ingest/split.ts';
import { storedRequest } from '../ingest/stored-request.ts';
import { BLANK_DESTINATION, BLANK_EVENT, BLANK_MAPPING, BLANK_SOURCE } from '../model/blank.ts';
import type { Mapping, Source } from '../model/configuration.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Clock } from '../model/ids.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import { isTheirs } from '../store/account-scope.ts';
import type { ConfigurationCache, Route } from '../store/configuration.ts';
import type { AccountScope, History } from '../store/records.ts';
import { type PreviewOutcome, previewOutcome } from './preview-outcome.ts';

export type PreviewRequest = Schemas['Preview'];

export type PreviewResult = {
  event_type: string;
  data: Record<string, unknown>;
  /** How many events the request is split into, of which this is one; 0: it is not split. */
  items: number;
} & PreviewOutcome;

export interface PreviewDeps {
  history: Pick<History, 'getEvent'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  split: Split;
  describe: Describe;
  planner: Pick<Planner, 'plan' | 'explain'>;
  now: Clock;
}

export type Preview = (request: PreviewRequest, scope: AccountScope) => Promise<PreviewResult>;

/** Stands in for the source of a body given without one, and of an event whose source was deleted. */
const NO_SOURCE: Source = { ...BLANK_SOURCE, name: 'preview' };

/**
 * Shows what a mapping would make of an event, by the same functions (describe and plan) that new events go through.
 * @throws Problem `validation_failed`, `malformed_json` (the body given), `not_found` (event, source)
 */
export function createPreview(deps: PreviewDeps): Preview {
  return async (request, scope) => {
    const found = await eventFor(request, scope);
    const { extract, split } = request;
    const edits = { ...(extract && { extract }), ...(split !== undefined && { split }) };
    const source: Source = { ...sourceFor(request, found, scope), ...edits };
    const event =
      request.event === undefined ? { ...found, ...storedRequest(source, found.headers.flat(), found.query) } : found;
    const parts: StoredPart[] = [];
    for await (const part of describeStored(source, event, deps)) parts.push(part);
    const items = parts.filter(({ item }) => item > 0).length;
    const part = parts[(request.item ?? 1) - 1];
    if (!part)
      throw fieldProblem(
        '/item',
        parts.length === 0 ? 'has nothing to show: the list is empty' : `is more than the ${parts.length} there are`,
      );
    const { context } = part;
    // Let other requests run in between: compiling the source's and the mapping's rules may each take long.
    await setImmediate();
    const outcome = previewOutcome(deps.planner, draftRoute(request, source), part);
    return { event_type: context.event.type, data: context.data, items, ...outcome };
  };

  async function eventFor(request: PreviewRequest, scope: AccountScope): Promise<StoredEvent> {
    if ((request.event === undefined) === (request.body === undefined)) {
      throw new Problem('validation_failed', 'Give either `event`, the id of a stored event, or `body`.');
    }
    if (request.event !== undefined) return deps.history.getEvent(request.event, scope);
    const event = draftEvent(request, new Date(deps.now()).toISOString());
    const parsed = parseBody(
      Buffer.from(event.body, event.body_encoding === 'utf8' ? 'utf8' : 'base64'),
      event.content_type,
    );
    if (!parsed.ok) throw new Problem(parsed.code, parsed.detail);
    return event;
  }

  function sourceFor(request: PreviewRequest, event: StoredEvent, scope: AccountScope): Source {
    const source = deps.configuration.current.sourceById(request.source ?? event.source);
    if (isTheirs(source, scope)) return source;
    if (request.source !== undefined) throw new Problem('not_found', `There is no source ${request.source}.`);
    return NO_SOURCE;
  }
}

function draftEvent(request: PreviewRequest, received_at: string): StoredEvent {
  const headers = { 'content-type': 'application/json', ...lowerCased(request.headers ?? {}) };
  const text = typeof request.body === 'string' ? request.body : stringifyJson(request.body);
  return {
    ...BLANK_EVENT,
    query: request.query ?? '',
    headers: Object.entries(headers),
    content_type: headers['content-type'],
    ...encodeBody(Buffer.from(text)),
    received_at,
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A made-up mapping to a made-up destination, neither of them stored. */
export function draftRoute(
  request: Pick<PreviewRequest, 'filter' | 'template' | 'content_type' | 'type'>,
  source: Source,
): Route {
  const mapping: Mapping = {
    ...BLANK_MAPPING,
    account: source.account,
    name: 'preview',
    source: source.id,
    filter: request.filter ?? '',
    template: request.template ?? null,
    content_type: request.content_type ?? '',
  };
  return { mapping, destination: { ...BLANK_DESTINATION, name: 'preview', type: request.type ?? 'http' } };
}
