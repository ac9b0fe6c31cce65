import { execFileSync } from 'node:child_process';
import { HEAP_GROWTH_PERCENT } from '../../../api/src/ops/heap-growth.ts';

/** Megabytes that a process uses at most which keeps 10 MB, and lets go of much that lived for a while. */
function mostUsed(flag: string): number {
  const script = `
    require('node:v8').setFlagsFromString('${flag}');
    const make = () => ({ text: 'x'.repeat(40) + Math.random(), list: [1, 2, 3] });
    const alive = Array.from({ length: 60_000 }, make);
    const recent = new Array(50_000);
    let most = 0;
    for (let i = 0; i < 1_500_000; i++) {
      recent[i % recent.length] = make();
      if (i % 25_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    }
    console.log(most / 2 ** 20, alive.length);`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).split(' ')[0]);
}

test('V8 still heeds the flag when it is set in a running process', () => {
  // It is the engine's own: a version that doesn't know it any more would ignore it without a word.
  expect(mostUsed(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)).toBeLessThan(
    0.85 * mostUsed('--heap-growing-percent=300'),
  );
});
