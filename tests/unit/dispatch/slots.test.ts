import { createSlots } from '../../../api/src/dispatch/slots.ts';

const destination = (id: string, max_concurrency = 1000) => ({ id, max_concurrency });

/** How many places each of these destinations gets when all of them take what they can. */
function fill(total: number, destinations: ReturnType<typeof destination>[]) {
  const slots = createSlots(total);
  const taken = new Map<string, number>();
  for (let again = true; again; ) {
    again = false;
    for (const one of destinations) {
      if (!slots.reserve(one)) continue;
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
  expect(slots.reserve(destination('other'))).toBe(true);
});

test('a released place can be taken again', () => {
  const slots = createSlots(4);
  const one = destination('a', 1);
  expect(slots.reserve(one)).toBe(true);
  expect(slots.reserve(one)).toBe(false);
  slots.release('a');
  expect(slots.reserve(one)).toBe(true);
  expect(slots.busy).toBe(1);
});

test('what the store has leased takes a place whatever the limits say', () => {
  const slots = createSlots(2);
  for (let i = 0; i < 3; i++) slots.take('a');
  expect(slots).toMatchObject({ busy: 3, free: 0 });
  expect(slots.reserve(destination('b'))).toBe(false);
  for (let i = 0; i < 3; i++) slots.release('a');
  expect(slots).toMatchObject({ busy: 0, free: 2 });
});
