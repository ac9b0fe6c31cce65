import type PocketBase from 'pocketbase';
import { BLANK_EVENT } from '../../model/blank.ts';
import { type Attempt, bodyToSend } from '../../model/delivery.ts';
import type { StoredEvent } from '../../model/event.ts';
import { notFound } from '../../model/problems.ts';
import type {
  AccountScope,
  DeliveryFilter,
  DeliverySummary,
  EventFilter,
  EventSummary,
  History,
  StoredDelivery,
} from '../records.ts';
import { listPage } from './pages.ts';
import { type Condition, during, findRows, type Query } from './rows.ts';
import type { SearchHistory } from './search.ts';

const SUMMARY =
  'id,account,event,mapping,destination,state,seq,attempts_made,next_attempt_at,expires_at,last_status,last_error,replay,replay_id,passthrough,request_content_type,created,updated';
const ATTEMPT = 'id,number,started_at,duration_ms,status,outcome,error,response_headers,response_body';

const EVENTS = { collection: 'events' };
const BODIES = { collection: 'event_bodies', fields: 'body,body_encoding' };
const DELIVERY_SUMMARIES = { collection: 'deliveries', fields: SUMMARY, spare: true } as const;
const DELIVERIES = { collection: 'deliveries', fields: `${SUMMARY},request_body` };
const ATTEMPTS = { collection: 'attempts', fields: ATTEMPT };

/** A delivery is dead long before. */
const ATTEMPTS_AT_MOST = 500;

/** What happened, read from the history collections. */
export function createHistory({ pb, search }: { pb: PocketBase; search: SearchHistory }): History {
  async function findOne<T extends object>(
    query: Pick<Query, 'collection' | 'fields' | 'spare'>,
    noun: string,
    id: string,
    scope: AccountScope,
  ): Promise<T> {
    const [row] = await findRows<T>(pb, { ...query, conditions: [byId(id), byAccount(scope)], limit: 1 });
    if (!row) throw notFound(`${noun} ${id}`);
    return row;
  }

  async function getEvent(id: string, scope: AccountScope): Promise<StoredEvent> {
    const [event, { body, body_encoding }] = await Promise.all([
      findOne<EventRow>(EVENTS, 'event', id, scope),
      findOne<Pick<StoredEvent, 'body' | 'body_encoding'>>(BODIES, 'event', id, scope),
    ]);
    return { ...toSummary(event), headers: event.headers, body, body_encoding };
  }

  return {
    async listEvents({ after_seq, ...filter }, scope, page) {
      if (after_seq === undefined) return search.events(filter, scope, page);
      const conditions = tailConditions({ after_seq, ...filter }, scope);
      const query = { ...EVENTS, conditions, by: 'seq', newestFirst: false } as const;
      const { data, next_cursor } = await listPage<EventRow>(pb, query, page);
      return { data: data.map(toSummary), next_cursor };
    },

    getEvent,

    listDeliveries(filter, scope, page) {
      if (filter.event === undefined) return search.deliveries(filter, scope, page);
      const conditions = conditionsOfOneEvent(filter, scope);
      return listPage<DeliverySummary>(pb, { ...DELIVERY_SUMMARIES, conditions, by: 'seq', newestFirst: false }, page);
    },

    getDeliverySummary: (id, scope) => findOne<DeliverySummary>(DELIVERY_SUMMARIES, 'delivery', id, scope),

    async getDelivery(id, scope) {
      // One after the other: read beside it, the attempts may be older than the state, and a final one is not read again.
      const delivery = await findOne<StoredDelivery>(DELIVERIES, 'delivery', id, scope);
      const attempts = await findRows<Attempt>(pb, {
        ...ATTEMPTS,
        conditions: [['delivery = {:0}', id]],
        sort: 'number',
        limit: ATTEMPTS_AT_MOST,
      });
      const event = delivery.passthrough ? await getEvent(delivery.event, scope) : BLANK_EVENT;
      return { ...delivery, ...bodyToSend(delivery, event), attempts };
    },
  };
}
/** A row of `events` as PocketBase gives it. */
type EventRow = EventSummary &
  Pick<StoredEvent, 'headers'> & { signature_headers: string; collectionId: string; collectionName: string };

function toSummary({
  headers: _headers,
  signature_headers: _signatures,
  collectionId: _id,
  collectionName: _name,
  ...summary
}: EventRow): EventSummary {
  return summary;
}

const byId = (id: string): Condition => ['id = {:0}', id];
const byAccount = (scope: AccountScope): Condition => ['account = {:0}', scope];

function tailConditions(filter: EventFilter, scope: AccountScope): Condition[] {
  return [
    byAccount(scope),
    ['source = {:0}', filter.source],
    ['trigger = {:0}', filter.trigger],
    ['type = {:0}', filter.type],
    ['correlation_id = {:0}', filter.correlation_id],
    ...during('received_at', filter),
    ['seq > {:0}', filter.after_seq],
  ];
}

function conditionsOfOneEvent(filter: DeliveryFilter, scope: AccountScope): Condition[] {
  return [
    byAccount(scope),
    ['event = {:0}', filter.event],
    ['destination = {:0}', filter.destination],
    ['mapping = {:0}', filter.mapping],
    ['state = {:0}', filter.state],
    ['replay_id = {:0}', filter.replay_id],
    ...during('created', filter),
  ];
}
