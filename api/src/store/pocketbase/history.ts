import type PocketBase from 'pocketbase';
import type { Attempt } from '../../model/delivery.ts';
import type { StoredEvent } from '../../model/event.ts';
import type {
  AccountScope,
  DeliveryFilter,
  EventFilter,
  EventSummary,
  History,
  Page,
  PageRequest,
  StoredDelivery,
} from '../records.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { notFound, toStoreProblem, withTimeout } from './faults.ts';
import { queryTime } from './query-time.ts';

/** Events come whole: PocketBase would round whole numbers beyond 2^53 in `extracted` if it had to pick fields. */
const ALL_FIELDS = '';
const DELIVERY_SUMMARY =
  'id,account,event,mapping,destination,state,seq,attempts_made,next_attempt_at,expires_at,last_status,last_error,replay,passthrough,request_content_type,created,updated';
const DELIVERY = `${DELIVERY_SUMMARY},request_body`;
const ATTEMPT = 'id,number,started_at,duration_ms,status,outcome,error,response_headers,response_body';

const SEQ = /^\d{1,16}$/;
/** A delivery is dead long before. */
const ATTEMPTS_AT_MOST = 500;

type Row = { id: string; seq: number };
type Conditions = [condition: string, value: string | number | undefined][];

/** What happened, read from the history collections. Pages are cut by `seq`, so that they stay stable while rows arrive. */
export function createHistory({ pb }: { pb: PocketBase }): History {
  async function find<T>(collection: string, conditions: Conditions, fields: string, sort: string, limit: number) {
    try {
      const page = await pb.collection(collection).getList(1, limit, {
        filter: where(pb, conditions),
        ...(fields && { fields }),
        sort,
        skipTotal: true,
        ...withTimeout(),
      });
      return page.items as unknown as T[];
    } catch (fault) {
      throw toStoreProblem(fault, collection);
    }
  }

  async function listBySeq<T extends Row>(
    collection: string,
    conditions: Conditions,
    fields: string,
    page: PageRequest,
    oldestFirst: boolean,
  ): Promise<Page<T>> {
    const after = page.cursor === undefined ? undefined : Number(decodeCursor(page.cursor, SEQ)[0]);
    const cut: Conditions = [[oldestFirst ? 'seq > {:value}' : 'seq < {:value}', after]];
    const sort = oldestFirst ? 'seq' : '-seq';
    const rows = await find<T>(collection, [...conditions, ...cut], fields, sort, page.limit + 1);
    const data = rows.slice(0, page.limit);
    const last = data.at(-1);
    return { data, next_cursor: rows.length > page.limit && last ? encodeCursor([String(last.seq)]) : null };
  }

  async function findOne<T>(collection: string, noun: string, id: string, scope: AccountScope, fields: string) {
    const [row] = await find<T>(collection, [byId(id), byAccount(scope)], fields, '', 1);
    if (!row) throw notFound(`${noun} ${id}`);
    return row;
  }

  return {
    listEvents: (filter, scope, page) =>
      listBySeq<EventRow>(
        'events',
        eventConditions(filter, scope),
        ALL_FIELDS,
        page,
        filter.after_seq !== undefined,
      ).then(({ data, next_cursor }) => ({ data: data.map(toSummary), next_cursor })),

    async getEvent(id, scope) {
      const [event, { body, body_encoding }] = await Promise.all([
        findOne<EventRow>('events', 'event', id, scope, ALL_FIELDS),
        findOne<Pick<StoredEvent, 'body' | 'body_encoding'>>('event_bodies', 'event', id, scope, 'body,body_encoding'),
      ]);
      return { ...toSummary(event), headers: event.headers, body, body_encoding };
    },

    listDeliveries: (filter, scope, page) =>
      listBySeq<Omit<StoredDelivery, 'request_body'>>(
        'deliveries',
        deliveryConditions(filter, scope),
        DELIVERY_SUMMARY,
        page,
        filter.event !== undefined,
      ),

    async getDelivery(id, scope) {
      const [delivery, attempts] = await Promise.all([
        findOne<StoredDelivery>('deliveries', 'delivery', id, scope, DELIVERY),
        find<Attempt>('attempts', [['delivery = {:value}', id]], ATTEMPT, 'number', ATTEMPTS_AT_MOST),
      ]);
      return { ...delivery, attempts };
    },
  };
}

/** A row of `events` as PocketBase gives it. */
type EventRow = EventSummary & Pick<StoredEvent, 'headers'> & { collectionId: string; collectionName: string };

function toSummary({
  headers: _headers,
  collectionId: _id,
  collectionName: _name,
  ...summary
}: EventRow): EventSummary {
  return summary;
}

const byId = (id: string): Conditions[number] => ['id = {:value}', id];
const byAccount = (scope: AccountScope): Conditions[number] => ['account = {:value}', scope];

function eventConditions(filter: EventFilter, scope: AccountScope): Conditions {
  return [
    byAccount(scope),
    ['source = {:value}', filter.source],
    ['type = {:value}', filter.type],
    ['correlation_id = {:value}', filter.correlation_id],
    ['received_at >= {:value}', queryTime('from', filter)],
    ['received_at < {:value}', queryTime('to', filter)],
    ['seq > {:value}', filter.after_seq],
  ];
}

function deliveryConditions(filter: DeliveryFilter, scope: AccountScope): Conditions {
  return [
    byAccount(scope),
    ['event = {:value}', filter.event],
    ['destination = {:value}', filter.destination],
    ['mapping = {:value}', filter.mapping],
    ['state = {:value}', filter.state],
    ['created >= {:value}', queryTime('from', filter)],
    ['created < {:value}', queryTime('to', filter)],
  ];
}

/** Values go in through the SDK's own quoting only. */
function where(pb: PocketBase, conditions: Conditions): string {
  return conditions
    .filter(([, value]) => value !== undefined)
    .map(([condition, value]) => pb.filter(condition, { value }))
    .join(' && ');
}
