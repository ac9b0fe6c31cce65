import { countFanOut, MAX_HOPS, parseHops } from '../../api/src/model/hops.ts';

test.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['1', 1],
  [' 4 ', 4],
  ['5', 5],
  ['6', 5],
  ['9'.repeat(16_000), 5],
  ['2, 4', 4],
  ['4,2', 4],
  ['x, 3', 3],
  [',,', 0],
  ['-1', 0],
  ['1.5', 0],
  ['1e3', 0],
  ['0x5', 0],
  ['٣', 0],
  ['many', 0],
])('%j are %d hops', (header, hops) => {
  expect(parseHops(header)).toBe(hops);
});

test.each([
  [0, 0, 0],
  [2, 1, 2],
  [2, 3, 2],
  [2, 4, 3],
  [1, 16, 3],
  [0, 50, 2],
  [3, 50, 5],
  [0, 1_000_000, 4],
])('%j hops and %j deliveries are %j', (hops, deliveries, counted) => {
  expect(countFanOut(hops, deliveries)).toBe(counted);
});

test.each([1, 2, 3, 4, 15, 16, 50, 63, 64, 200])(
  '%j mappings that all lead back make at most some hundred events',
  (mappings) => {
    let events = 1;
    let hops = countFanOut(0, mappings);
    for (let round = 1; hops < MAX_HOPS; round++) {
      events += mappings ** round;
      hops = countFanOut(hops + 1, mappings);
    }
    expect(events).toBeLessThan(400);
  },
);
