import type { Socket } from 'node:net';

/** Of an answer no more is read than this; what came before is enough to judge by. */
export const MAX_READ_BYTES = 64 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);
const LINE_LENGTH = 'HTTP/1.1 100'.length;

/**
 * What a socket receives, seen before undici's parser gets it. The parser is strict: of an answer whose head breaks HTTP it
 * hands over nothing, and it gives up at "100 Continue", which a server may send though nobody asked (RFC 9110, 15.2).
 */
export class Wire {
  #seen: Buffer[] = [];
  #length = 0;
  /** The beginning of an answer that may be "100 Continue". */
  #held = NOTHING;
  #state: 'idle' | 'waiting' | 'passing' = 'idle';

  attach(socket: Socket): void {
    const push = socket.push.bind(socket);
    socket.push = (chunk: Buffer | null, encoding) => {
      if (chunk === null || this.#state === 'idle') return push(chunk, encoding);
      const passed = this.#see(chunk);
      return passed.length === 0 || push(passed, encoding);
    };
  }

  /** What comes from now on answers the request that is about to be sent. */
  expectAnswer(): void {
    this.headIsRead();
    this.#state = 'waiting';
  }

  /** The parser understands the answer: its bytes need not be kept. */
  headIsRead(): void {
    this.#state = 'idle';
    this.#seen = [];
    this.#length = 0;
    this.#held = NOTHING;
  }

  /** The answer's first bytes, while its head has not been read. */
  get seen(): Buffer {
    return Buffer.concat(this.#seen);
  }

  /** Returns what the parser gets. */
  #see(chunk: Buffer): Buffer {
    if (this.#length < MAX_READ_BYTES) this.#seen.push(chunk);
    this.#length += chunk.length;
    if (this.#state === 'passing') return chunk;
    const begun = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const answer = this.#length < MAX_READ_BYTES ? dropContinue(begun) : begun;
    this.#held = answer ? NOTHING : begun;
    if (!answer?.length) return NOTHING;
    this.#state = 'passing';
    return answer;
  }
}

/** What follows the "100 Continue" that an answer begins with; undefined: more bytes are needed to tell. */
function dropContinue(bytes: Buffer): Buffer | undefined {
  const line = bytes.toString('latin1', 0, LINE_LENGTH);
  if (!/^HTTP\/1\.[01] 100$/.test(line)) {
    const mayBecome = line.length < LINE_LENGTH && ['HTTP/1.1 100', 'HTTP/1.0 100'].some((one) => one.startsWith(line));
    return mayBecome && bytes.length > 0 ? undefined : bytes;
  }
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  return end ? dropContinue(bytes.subarray(end.index + end[0].length)) : undefined;
}
