/**
 * Time as a test may measure it. Seconds of the wall say nothing on a machine that is busy with other things, so no test compares them;
 * tests/unit/project/tests.test.ts looks after that.
 */

/** Milliseconds of processor time that `work`, which awaits nothing, takes this process. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const TICK_MS = 10;

/**
 * Starts a watch that counts its own ticks, and returns how to stop it. While this process gets no turn it does not tick, so its milliseconds are
 * never shorter than those of the wall, and longer on a busy machine.
 * @returns stops the watch and tells the milliseconds that it has counted
 */
export function startWatch(): () => number {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return ticks * TICK_MS;
  };
}
