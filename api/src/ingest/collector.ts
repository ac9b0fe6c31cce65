/** The part of a body received so far, in few buffers. */
export interface Collector {
  add(chunk: Buffer): void;
  concat(): Buffer;
  /** How many buffers are kept. */
  readonly pieces: number;
}

/** The first chunks are kept without copying: an ordinary body has few, and is copied once, at its end. */
const KEPT_AS_THEY_COME = 12;
const BLOCK = 16 * 1024;

/**
 * A client may send single bytes, and each arrives in a buffer of a hundred times its size. So after the first chunks,
 * small ones are copied into blocks.
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
