import { parseHops } from '../../api/src/model/hops.ts';

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
