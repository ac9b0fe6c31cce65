import { createSlots, type Slots } from '../../../api/src/dispatch/slots.ts';

const destination = (id: string, max_concurrency = 1000) => ({ id, max_concurrency });

/** Attempted and settled. */
function give(slots: Slots, id: string, length: number): void {
  slots.vacate(id);
  slots.release(id, length);
}

/** How many places each of these destinations gets when all of them take what they can. */
function fill(total: number, destinations: ReturnType<typeof destination>[]) {
  const slots = createSlots(total);
  const taken = new Map<string, number>();
  for (let again = true; again; ) {
    again = false;
    for (const one of destinations) {
      if (!slots.reserve(one, 0)) continue;
      taken.set(one.id, (taken.get(one.id) ?? 0) + 1);
      again = true;
    }
  }
  return { slots, taken: [...taken.values()] };
}

test.each([
  ['one destination: half', 16, [destination('a')], [8]],
  ['three: a quarter each', 16, [destination('a'), destination('b'), destination('c')], [4, 4, 4]],
  ['its own limit', 16, [destination('a', 2)], [2]],
  ['the default limit of 64', 1000, [destination('a', 0)], [64]],
  ['the least number of slots', 2, [destination('a')], [1]],
])('%s', (_name, total, destinations, expected) => {
  expect(fill(total, destinations).taken).toEqual(expected);
});

test.each([1, 2, 5, 15])('%i slow destinations never take the last place', (count) => {
  const slow = Array.from({ length: count }, (_, i) => destination(`slow${i}`));
  const { slots } = fill(16, slow);
  expect(slots.free).toBeGreaterThan(0);
  expect(slots.reserve(destination('other'), 0)).toBe(true);
});

test('a released place can be taken again', () => {
  const slots = createSlots(4);
  const one = destination('a', 1);
  expect(slots.reserve(one, 0)).toBe(true);
  expect(slots.reserve(one, 0)).toBe(false);
  give(slots, 'a', 0);
  expect(slots.reserve(one, 0)).toBe(true);
  expect(slots.busy).toBe(1);
});

describe('what was attempted and is not settled yet', () => {
  test('takes no place', () => {
    const slots = createSlots(4);
    const one = destination('a', 1);
    slots.reserve(one, 0);
    slots.vacate('a');
    expect(slots).toMatchObject({ busy: 0, free: 4 });
    expect(slots.reserve(one, 0)).toBe(true);
  });

  test('keeps its room, and counts as use', () => {
    const slots = createSlots(4, 100);
    slots.reserve(destination('a'), 60);
    slots.vacate('a');
    expect(slots.reserve(destination('a'), 60)).toBe(false);
    expect(slots.isRoomy(destination('a'))).toBe(false);
    slots.release('a', 60);
    expect(slots.reserve(destination('a'), 60)).toBe(true);
  });

  test('is bounded: nothing more is attempted until something is settled', () => {
    const slots = createSlots(2);
    for (let i = 0; i < 8; i++) {
      expect(slots.reserve(destination('a'), 0)).toBe(true);
      slots.vacate('a');
    }
    expect(slots.reserve(destination('a'), 0)).toBe(false);
    expect(slots.hold(1, 1)).toBeUndefined();
    slots.release('a', 0);
    expect(slots.reserve(destination('a'), 0)).toBe(true);
  });
});

test('what the store has leased takes a place whatever the limits say', () => {
  const slots = createSlots(2);
  for (let i = 0; i < 3; i++) slots.take('a', 0);
  expect(slots).toMatchObject({ busy: 3, free: 0 });
  expect(slots.reserve(destination('b'), 0)).toBe(false);
  for (let i = 0; i < 3; i++) give(slots, 'a', 0);
  expect(slots).toMatchObject({ busy: 0, free: 2 });
});

test('a claim under way keeps its places, and what is left is shared out as ever', () => {
  const slots = createSlots(8);
  const hold = slots.hold(100, 100);
  expect([hold?.places, slots.free]).toEqual([4, 4]);
  let reserved = 0;
  while (slots.reserve(destination(`d${reserved}`), 0)) reserved++;
  expect([reserved, slots.free]).toEqual([4, 0]);
  hold?.release();
  for (let i = 0; i < 4; i++) slots.take('claimed', 0);
  expect(slots).toMatchObject({ busy: 8, free: 0 });
  expect(slots.hold(100, 100)).toBeUndefined();
});

describe('the bodies under way', () => {
  test('have so many characters together, and room comes back', () => {
    const slots = createSlots(100, 1_000);
    expect(slots.reserve(destination('a'), 600)).toBe(true);
    expect(slots.reserve(destination('a'), 401)).toBe(false);
    expect(slots.reserve(destination('a'), 400)).toBe(true);
    give(slots, 'a', 600);
    expect(slots.reserve(destination('a'), 401)).toBe(true);
  });

  test('one that is larger than all room goes alone, so that it is not starved', () => {
    const slots = createSlots(100, 1_000);
    expect(slots.reserve(destination('a'), 5_000)).toBe(true);
    expect(slots.reserve(destination('b'), 1)).toBe(false);
    expect(slots.hold(100, 1_000)).toBeUndefined();
    give(slots, 'a', 5_000);
    expect(slots.reserve(destination('b'), 1)).toBe(true);
    expect(slots.reserve(destination('a'), 5_000)).toBe(false);
  });

  test('leave half of the room to others while a claim is under way', () => {
    const slots = createSlots(100, 1_000);
    slots.take('a', 200);
    const hold = slots.hold(100, 1_000);
    expect(hold?.length).toBe(400);
    expect(slots.reserve(destination('a'), 401)).toBe(false);
    expect(slots.reserve(destination('a'), 400)).toBe(true);
    hold?.release();
    expect(slots.hold(100, 50)?.length).toBe(50);
  });
});

describe('there is room for another while at most a quarter is in use', () => {
  const isRoomyWith = (taken: string[], one: ReturnType<typeof destination>, maxLength?: number) => {
    const slots = createSlots(100, maxLength);
    for (const id of taken) slots.take(id, 10);
    return slots.isRoomy(one);
  };
  test.each([
    ['of what the destination takes', ['a', 'a'], destination('a', 8), undefined, true],
    ['of what the destination takes: more', ['a', 'a', 'a'], destination('a', 8), undefined, false],
    ['one that takes one at a time', ['a'], destination('a', 1), undefined, false],
    ['of the default limit', Array(17).fill('a'), destination('a', 0), undefined, false],
    ['of all slots', Array(26).fill('b'), destination('a'), undefined, false],
    ['of the room for bodies', ['a', 'a', 'a'], destination('a'), 100, false],
  ])('%s', (_name, taken, one, maxLength, expected) => {
    expect(isRoomyWith(taken, one, maxLength)).toBe(expected);
  });
});
