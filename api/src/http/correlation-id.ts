import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES = 16;
const pool = Buffer.alloc(BYTES * 256);
let used = pool.length;

/** A UUIDv7. Its random bytes are had for many at a time: asking for 16 costs more than all else that a short request needs. */
export function makeCorrelationId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return uuidv7({ random: pool.subarray(used - BYTES, used) });
}
