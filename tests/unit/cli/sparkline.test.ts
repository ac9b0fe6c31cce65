import { sparkline } from '../../../api/src/cli/terminal/sparkline.ts';

test('a line of bars keeps what is highest, and what nobody knows is blank', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 80, 7)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([0, 0, 7, 0, 1, 1], 3, 7)).toBe('▁█▂');
  expect(sparkline([null, 3, null, null], 2, 3)).toBe('█ ');
  expect(sparkline([0, 0], 80, 0)).toBe('▁▁');
  expect(sparkline([], 80, 1)).toBe('');
});
