import { isDeepStrictEqual } from 'node:util';
import { type Response, Router } from 'express';
import type { QueryOf } from '../../client/schemas.ts';
import { stringifyJson } from '../expressions/index.ts';
import { type EventStream, openEventStream } from '../http/event-stream.ts';
import { type LiveFilter, match } from '../live/filter.ts';
import type { Follow, Told } from '../live/follow.ts';
import { Problem } from '../model/problems.ts';
import { actorName, scopeOf } from './authenticate.ts';
import type { CheckOperation } from './checked.ts';

export interface StreamRouterDeps {
  check: CheckOperation;
  follow: Follow;
  /** Resolves after that time, or when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when this process stops. */
  stopping: AbortSignal;
}

/** Of this process; each takes up to a megabyte while its client does not read. */
const STREAMS_AT_MOST = 200;
const STREAMS_OF_ONE = 20;
/** Proxies close connections that are silent for a minute. It is also when a session is looked at that may have ended. */
const HEARTBEAT_MS = 15_000;

/** `GET /stream`: events and deliveries as they change. */
export function streamRouter({ check, follow, sleep, stopping }: StreamRouterDeps): Router {
  const asked = check('stream');
  const streams = new Map<EventStream, string>();
  const dataOf = createDataOf();
  stopping.addEventListener('abort', () => {
    for (const stream of streams.keys()) stream.end('shutdown');
  });

  /** Shows that the stream lives, and where it stands; ends it with the session. */
  async function beat(stream: EventStream, cursor: () => string | undefined, response: Response): Promise<void> {
    const { actor, identify } = response.locals;
    for (;;) {
      await sleep(HEARTBEAT_MS, stream.over);
      if (stream.over.aborted) return;
      stream.beat(cursor());
      const now = await identify().catch(() => actor);
      if (!isDeepStrictEqual(now, actor)) stream.end('session');
    }
  }

  return Router().get('/stream', async (request, response) => {
    const { query } = asked(request);
    const filter = filterOf(query, response);
    const caller = actorName(response);
    refuseTooMany([...streams.values()], caller);
    const stream = openEventStream(response);
    if (request.method === 'HEAD') return void response.end();
    streams.set(stream, caller);
    if (stopping.aborted) stream.end('shutdown');
    let cursor: string | undefined;
    void beat(stream, () => cursor, response);
    const follower = {
      after: request.get('last-event-id') || query.after,
      begin(begun: string) {
        cursor = begun;
        stream.send({ id: begun, event: 'ready', data: '{}' });
      },
      tell(told: Told) {
        cursor = told.cursor;
        const name = told.topic === 'reset' ? 'reset' : NAMES[match(told, filter)](told.topic);
        if (name !== undefined) stream.send({ id: told.cursor, event: name, data: dataOf(told, name) });
      },
      drained: stream.drained,
    };
    await follow(follower, stream.over);
    streams.delete(stream);
  });
}

/** What a row is told as; undefined: not at all. */
const NAMES = {
  matched: (topic: string) => topic,
  unmatched: () => 'unmatched',
  other: () => undefined,
};

/** The data of each message, made once for all clients. */
function createDataOf() {
  const rows = new WeakMap<Told, string>();
  return (told: Told, name: string): string => {
    if (told.topic === 'reset') return '{}';
    if (name === 'unmatched') return JSON.stringify({ topic: told.topic, id: told.row.id });
    const data = rows.get(told) ?? stringifyJson(told.row);
    rows.set(told, data);
    return data;
  };
}

function filterOf(query: QueryOf<'stream'>, response: Response): LiveFilter {
  const { topics = '', source, trigger, type, correlation_id, event, destination, mapping, state, replay_id } = query;
  return {
    topics: topics.split(','),
    scope: scopeOf(response),
    event: { source, trigger, type, correlation_id },
    delivery: { event, mapping, replay_id },
    destination,
    state,
  };
}

function refuseTooMany(callers: string[], caller: string): void {
  if (callers.filter((other) => other === caller).length >= STREAMS_OF_ONE)
    throw new Problem('too_many_requests', `You have ${STREAMS_OF_ONE} streams open. Close one first.`);
  if (callers.length >= STREAMS_AT_MOST)
    throw new Problem('overloaded', `${STREAMS_AT_MOST} streams are open already. Ask the lists meanwhile.`);
}
