import { showBuild } from '../../../api/src/local/build-progress.ts';

function show(rewrites: boolean) {
  let now = 5_000;
  let tick = () => {};
  let ticking = true;
  const written: string[] = [];
  const display = showBuild({
    write: (text) => written.push(text),
    rewrites,
    elapsed: () => now,
    every: (_ms, callBack) => {
      tick = callBack;
      return () => {
        ticking = false;
      };
    },
  });
  const after = (ms: number) => {
    now += ms;
    written.length = 0;
    tick();
    return written.join('');
  };
  return { display, after, written, isTicking: () => ticking };
}

test('in a log, lines with step and time', () => {
  const { display, after, written, isTicking } = show(false);
  expect(written.join('')).toMatch(/only this once.*\n$/);
  display.report({ step: 'fetching', done: 0, total: undefined });
  expect(after(10_000)).toBe('Building the PocketBase service: fetching Go modules, 0:10\n');
  display.report({ step: 'compiling', done: 7, total: 480 });
  expect(after(65_000)).toBe('Building the PocketBase service: compiled 7 of 480 packages, 1:15\n');
  display.report({ step: 'compiling', done: 8, total: undefined });
  expect(after(0)).toContain('compiled 8 packages');
  display.end();
  expect(isTicking()).toBe(false);
});

test('on a terminal, one line that is rewritten and goes away', () => {
  const { display, after, written } = show(true);
  expect(after(1_000)).toBe('\r\x1b[KBuilding the PocketBase service: looking for what it needs, 0:01');
  display.end();
  expect(written.at(-1)).toBe('\r\x1b[K');
});
