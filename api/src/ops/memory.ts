const MEBIBYTE = 1024 * 1024;

/** What may be held at once of what others send, so that a process of any size survives whoever sends the most. */
export interface MemoryShares {
  /** Bytes of bodies whose requests are not answered yet. Each takes two of memory: as it came, and as text. */
  requests: number;
  /** Characters of events and rendered bodies that wait for a commit. */
  waiting: number;
  /** Characters of bodies of deliveries under way. */
  deliveries: number;
}

/**
 * An eighth of the heap each. The rest is for what exists once at a time, whoever sent it: the one body that is being
 * parsed, the one batch that is being written as JSON, the one claim that is being read; and for everything else.
 * @param heapLimit bytes, as V8 has it: `--max-old-space-size`, or what it makes of the memory at hand
 */
export function shareOut(heapLimit: number): MemoryShares {
  const eighth = Math.floor(heapLimit / 8);
  return {
    requests: Math.min(eighth, 128 * MEBIBYTE),
    waiting: Math.min(eighth, 64 * MEBIBYTE),
    deliveries: Math.min(eighth, 128 * MEBIBYTE),
  };
}
