import { setFlagsFromString } from 'node:v8';

/**
 * How much of the heap's old part may come on top of what was alive, in percent, before V8 collects it. By itself V8 lets it grow to
 * four times that, which made three quarters of this process's heap garbage; collecting sooner costs nothing that can be
 * measured (docs/benchmarks.md). Not a limit: what is alive may be as much as before.
 */
export const HEAP_GROWTH_PERCENT = 50;

/** For the process's beginning. Collections from then on heed it. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}
