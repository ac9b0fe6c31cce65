import { createHook } from 'node:async_hooks';

/** The test runner's own, for its progress. */
const RUNNERS = '/@jest/reporters/';

/** Follows the timers that this process starts from now on; `left` says where those were started that keep it alive. */
export function followTimers(): { left(): string[] } {
  const started: { timer: NodeJS.Timeout & { _destroyed: boolean }; stack: string }[] = [];
  const hook = createHook({
    init(_id, type, _trigger, timer) {
      if (type === 'Timeout')
        started.push({ timer: timer as (typeof started)[0]['timer'], stack: `${new Error().stack}` });
    },
  }).enable();
  return {
    left() {
      hook.disable();
      return started
        .filter(({ timer, stack }) => timer.hasRef() && !timer._destroyed && !stack.includes(RUNNERS))
        .map(({ stack }) => stack);
    },
  };
}
