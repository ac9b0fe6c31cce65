import type { Socket } from 'node:net';

/** Largest part of a response body that is read; enough to classify it by. */
export const MAX_READ_BYTES = 64 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);
const LINE_LENGTH = 'HTTP/1.1 100'.length;

/**
 * Sees the bytes that a socket receives before undici's parser does. The parser returns nothing of a response with an invalid
 * head, and fails at "100 Continue", which servers may send without being asked (RFC 9110, 15.2).
 */
export class Wire {
  #seen: Buffer[] = [];
  #length = 0;
  /** Bytes held back because they may be the beginning of "100 Continue". */
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

  /** Call before a request is sent: bytes received from now on belong to its response. */
  expectAnswer(): void {
    this.headIsRead();
    this.#state = 'waiting';
  }

  /** Call when the parser has accepted the head: its bytes need not be kept any more. */
  headIsRead(): void {
    this.#state = 'idle';
    this.#seen = [];
    this.#length = 0;
    this.#held = NOTHING;
  }

  /** The first bytes of the response, until the parser has accepted its head. */
  get seen(): Buffer {
    return Buffer.concat(this.#seen);
  }

  /** Returns the bytes to pass to the parser. */
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

/** The bytes after a leading "100 Continue"; undefined if more bytes are needed to decide. */
function dropContinue(bytes: Buffer): Buffer | undefined {
  const line = bytes.toString('latin1', 0, LINE_LENGTH);
  if (!/^HTTP\/1\.[01] 100$/.test(line)) {
    const mayBecome = line.length < LINE_LENGTH && ['HTTP/1.1 100', 'HTTP/1.0 100'].some((one) => one.startsWith(line));
    return mayBecome && bytes.length > 0 ? undefined : bytes;
  }
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  return end ? dropContinue(bytes.subarray(end.index + end[0].length)) : undefined;
}
