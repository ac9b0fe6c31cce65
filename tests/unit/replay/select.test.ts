import { DELIVERY_STATES, type DeliveryState } from '../../../api/src/model/delivery.ts';
import { matchesSelection, mayMatchSelection, replayedId, type Selection } from '../../../api/src/replay/select.ts';

const ofMapping = (mapping: string) => ({ mapping, destination: 'dst000000000001' });

const past = (...pairs: [destination: string, state: DeliveryState][]) => ({
  deliveries: pairs.map(([destination, state]) => ({ id: 'x', mapping: 'm', destination, state, replay: '' as const })),
});
const selection = (fields: Partial<Selection>): Selection => ({
  destination: '',
  status: '',
  only_missing: false,
  ...fields,
});

describe('what a replay sends', () => {
  it.each<[string, Partial<Selection>, ReturnType<typeof past>, boolean]>([
    ['everything', {}, past(), true],
    ['what was delivered', {}, past(['d', 'delivered']), true],
    ['the destination asked for', { destination: 'd' }, past(), true],
    ['no other destination', { destination: 'e' }, past(), false],
    ['what has the state', { status: 'dead' }, past(['d', 'dead']), true],
    ['what has it besides another', { status: 'dead' }, past(['d', 'dead'], ['d', 'delivered']), true],
    ['not what has another state', { status: 'dead' }, past(['d', 'expired']), false],
    ['not what has it elsewhere', { status: 'dead' }, past(['e', 'dead'], ['d', 'delivered']), false],
    ['what was never there', { only_missing: true }, past(), true],
    ['what arrived elsewhere only', { only_missing: true }, past(['e', 'delivered']), true],
    ['not what arrived later', { only_missing: true }, past(['d', 'dead'], ['d', 'delivered']), false],
    [
      'not what is dead but arrived',
      { status: 'dead', only_missing: true },
      past(['d', 'dead'], ['d', 'delivered']),
      false,
    ],
    ['what is dead and did not', { status: 'dead', only_missing: true }, past(['d', 'dead'], ['d', 'dead']), true],
  ])('%s', (_what, fields, event, wanted) => {
    expect(matchesSelection(selection(fields), event, 'd')).toBe(wanted);
    // An event may only be left unread if nothing of it can be wanted.
    if (wanted) expect(mayMatchSelection(selection(fields), event)).toBe(true);
  });

  it.each(DELIVERY_STATES)('%s: missing only if it has ended without arriving', (state) => {
    const ended = ['dead', 'expired', 'cancelled'].includes(state);
    expect(matchesSelection(selection({ only_missing: true }), past(['d', state]), 'd')).toBe(ended);
  });

  it.each<[Partial<Selection>, ReturnType<typeof past>, boolean]>([
    [{ status: 'dead' }, past(['d', 'delivered']), false],
    [{ status: 'dead' }, past(), false],
    [{ status: 'dead', destination: 'e' }, past(['d', 'dead']), false],
    [{ status: 'dead', destination: 'd' }, past(['d', 'dead']), true],
    [{ destination: 'e' }, past(), true],
  ])('%j may be wanted of %j: %p', (fields, event, may) => {
    expect(mayMatchSelection(selection(fields), event)).toBe(may);
  });
});

describe('the id of a replayed delivery', () => {
  const id = replayedId('mwt7px979xt06fc', 'evt000000000001', ofMapping('map000000000001'));

  it('is an id, and always the same', () => {
    expect(id).toMatch(/^mwt7[a-z0-9]{11}$/);
    expect(replayedId('mwt7px979xt06fc', 'evt000000000001', ofMapping('map000000000001'))).toBe(id);
  });

  it('differs with each of replay, event and mapping', () => {
    const ids = new Set([id]);
    for (let n = 0; n < 5_000; n++) {
      ids.add(replayedId(`mwt7px979xt0${n}`, 'evt000000000001', ofMapping('map000000000001')));
      ids.add(replayedId('mwt7px979xt06fc', `evt${n}`, ofMapping('map000000000001')));
      ids.add(replayedId('mwt7px979xt06fc', 'evt000000000001', ofMapping(`map${n}`)));
    }
    expect(ids.size).toBe(15_001);
  });
});
