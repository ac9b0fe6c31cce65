const MEBIBYTE = 1024 * 1024;

/** Memory limits for data that clients send, so that a process with any heap size survives any load. */
export interface MemoryShares {
  /** Bytes of the bodies of unanswered requests. Each takes twice its size: as received, and as text. */
  requests: number;
  /** Characters of events and rendered bodies waiting for a commit. */
  waiting: number;
  /** Characters of bodies of deliveries under way. */
  deliveries: number;
}

/**
 * Gives each an eighth of the heap. The rest is for what exists only once at a time (the body being parsed, the batch being
 * serialised to JSON, the claim being parsed) and for everything else.
 * @param heapLimit V8's heap limit in bytes: `--max-old-space-size`, or its default for this machine's memory
 */
export function shareOut(heapLimit: number): MemoryShares {
  const eighth = Math.floor(heapLimit / 8);
  return {
    requests: Math.min(eighth, 128 * MEBIBYTE),
    waiting: Math.min(eighth, 64 * MEBIBYTE),
    deliveries: Math.min(eighth, 128 * MEBIBYTE),
  };
}
