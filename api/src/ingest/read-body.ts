import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../model/problems.ts';

/** How many bytes of bodies this process may hold at once; what is above is refused instead of read. */
export interface ByteBudget {
  /** False: there is no room, and nothing was reserved. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

export function createByteBudget(maximum: number): ByteBudget {
  let held = 0;
  return {
    reserve(bytes) {
      if (held + bytes > maximum) return false;
      held += bytes;
      return true;
    },
    release(bytes) {
      held -= bytes;
    },
  };
}

const DECOMPRESSORS = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The body, inflated. It counts against the budget as it comes, not as it was declared: who opens many
 * connections and sends nothing takes no room from others. The caller releases the length of what it got.
 * @param limit bytes, on the wire and inflated
 * @throws Problem `unsupported_encoding`, `body_too_large`, `malformed_body` or `overloaded`; nothing is held then
 */
export function readBody(request: IncomingMessage, limit: number, budget: ByteBudget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const encoding = request.headers['content-encoding']?.toLowerCase() || 'identity';
    const decompressor = DECOMPRESSORS.get(encoding)?.();
    const chunks: Buffer[] = [];
    let held = 0;

    const refuse = (problem: Problem): void => {
      request.off('error', aborted);
      stream.off('data', keep).off('end', finish);
      if (decompressor) request.unpipe(decompressor);
      decompressor?.on('error', ignore).destroy();
      // What still comes is thrown away, so that the producer gets to read the answer.
      request.on('error', ignore).resume();
      budget.release(held);
      held = 0;
      reject(problem);
    };
    const aborted = () => refuse(malformed('The connection ended before the body did.'));
    const keep = (chunk: Buffer): void => {
      if (held + chunk.length > limit) refuse(tooLarge(limit));
      else if (!budget.reserve(chunk.length)) refuse(overloaded());
      else {
        held += chunk.length;
        chunks.push(chunk);
      }
    };
    const finish = () => {
      request.off('error', aborted);
      const body = Buffer.concat(chunks, held);
      held = 0;
      resolve(body);
    };

    const stream: Readable = decompressor ?? request;
    if (!decompressor && encoding !== 'identity') return refuse(unsupported());
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(tooLarge(limit));
    request.on('error', aborted);
    decompressor?.on('error', () => refuse(malformed('The body does not fit its Content-Encoding.')));
    stream.on('data', keep).on('end', finish);
    if (decompressor) request.pipe(decompressor);
  });
}

function ignore(): void {}

function malformed(detail: string): Problem {
  return new Problem('malformed_body', detail);
}

function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body may have at most ${limit} bytes, after decompression.`);
}

function unsupported(): Problem {
  const detail = 'Send the body as it is, or with Content-Encoding gzip, deflate or br.';
  return new Problem('unsupported_encoding', detail);
}

function overloaded(): Problem {
  return new Problem(
    'overloaded',
    'Too many bodies are being received. Send the same request again after Retry-After.',
  );
}
