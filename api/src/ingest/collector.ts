/** What has come of a body so far, in few buffers. */
export interface Collector {
  add(chunk: Buffer): void;
  concat(): Buffer;
  /** How many buffers are kept. */
  readonly pieces: number;
}

/** Of an ordinary body the pieces are kept as they come, and copied once, at its end. */
const KEPT_AS_THEY_COME = 12;
const BLOCK = 16 * 1024;

/**
 * A body may arrive in single bytes, each a buffer that takes a hundred times as much. So small pieces are copied into
 * blocks, once there are many.
 */
export function createCollector(): Collector {
  const pieces: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  let length = 0;

  function closeBlock(): void {
    if (used > 0) pieces.push(block.subarray(0, used));
    block = Buffer.alloc(0);
    used = 0;
  }

  return {
    add(chunk) {
      length += chunk.length;
      if (pieces.length < KEPT_AS_THEY_COME || chunk.length >= BLOCK / 2) {
        closeBlock();
        pieces.push(chunk);
        return;
      }
      if (used + chunk.length > block.length) {
        closeBlock();
        block = Buffer.allocUnsafeSlow(BLOCK);
      }
      used += chunk.copy(block, used);
    },
    concat() {
      closeBlock();
      return Buffer.concat(pieces, length);
    },
    get pieces() {
      return pieces.length + Math.sign(used);
    },
  };
}
