import { type LiveFilter, match } from '../../../api/src/live/filter.ts';
import type { Told } from '../../../api/src/live/follow.ts';

type Row = Exclude<Told, { topic: 'reset' }>;

const event = {
  cursor: 'x-1',
  topic: 'event',
  row: {
    ...{ id: 'e', account: 'a', source: 's', trigger: '', type: 'order', correlation_id: 'c' },
    decisions: [
      { mapping: 'm', destination: 'd', outcome: 'delivery', delivery: 'x' },
      { mapping: 'n', destination: 'other', outcome: 'filtered', clause: 'false' },
    ],
  },
} as object as Row;
const delivery = {
  cursor: 'x-2',
  topic: 'delivery',
  row: { id: 'x', account: 'a', event: 'e', destination: 'd', mapping: 'm', state: 'dead', replay_id: 'r' },
  of: { source: 's', trigger: '', type: 'order', correlation_id: 'c' },
} as object as Row;

const all: LiveFilter = {
  topics: ['events', 'deliveries'],
  scope: undefined,
  event: {},
  delivery: {},
  destination: undefined,
  state: undefined,
};

describe('which rows somebody follows', () => {
  it.each<[string, Partial<LiveFilter>, string, string]>([
    ['everything', {}, 'matched', 'matched'],
    ['another account', { scope: 'b' }, 'other', 'other'],
    ['one topic', { topics: ['deliveries'] }, 'other', 'matched'],
    ['a type, of deliveries too', { event: { type: 'order' } }, 'matched', 'matched'],
    ['another type', { event: { type: 'ping' } }, 'other', 'other'],
    ['a source and another correlation id', { event: { source: 's', correlation_id: 'z' } }, 'other', 'other'],
    ['a destination, of events that go there', { destination: 'd' }, 'matched', 'matched'],
    ['a destination that the event was kept from', { destination: 'other' }, 'other', 'other'],
    ['a mapping', { delivery: { mapping: 'n' } }, 'matched', 'other'],
    ['the replay that made it', { delivery: { replay_id: 'r' } }, 'matched', 'matched'],
    ['another replay', { delivery: { replay_id: 'q' } }, 'matched', 'other'],
    ['a state', { state: 'dead' }, 'matched', 'matched'],
    ['another state', { state: 'delivered' }, 'matched', 'unmatched'],
  ])('%s', (_, filter, ofEvent, ofDelivery) => {
    expect([match(event, { ...all, ...filter }), match(delivery, { ...all, ...filter })]).toEqual([
      ofEvent,
      ofDelivery,
    ]);
  });

  it('a delivery whose event is gone fits no filter of events', () => {
    const { of: _, ...gone } = delivery as Row & { of?: object };
    expect(match(gone as Row, { ...all, event: { source: 's' } })).toBe('other');
    expect(match(gone as Row, all)).toBe('matched');
  });
});
