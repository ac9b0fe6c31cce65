import { createStopSignal } from '../../../api/src/local/stop-signals.ts';

test.each([
  ['one', [0], ['stop SIGINT']],
  ['one Ctrl-C, which npm repeats', [0, 4], ['stop SIGINT']],
  ['somebody who will not wait', [0, 4, 1_500], ['stop SIGINT', 'now']],
])('%s', (_name, times, want) => {
  let now = 0;
  const done: string[] = [];
  const handle = createStopSignal({
    elapsed: () => now,
    stop: (signal) => done.push(`stop ${signal}`),
    stopNow: () => done.push('now'),
  });
  for (const at of times) {
    now = at;
    handle('SIGINT');
  }
  expect(done).toEqual(want);
});
