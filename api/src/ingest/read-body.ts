import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../model/problems.ts';
import { createCollector } from './collector.ts';

/** How many bytes of bodies this process may hold at once; what is above is refused instead of read. */
export interface ByteBudget {
  readonly maximum: number;
  /** False: there is no room, and nothing was reserved. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

export function createByteBudget(maximum: number): ByteBudget {
  let held = 0;
  return {
    maximum,
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

/** What a body counts as in the budget: each character of its text may take two bytes once one of them is beyond Latin-1. */
export function costOf(body: Buffer): number {
  return isAscii(body) ? body.length : Math.ceil(body.length * BEYOND_ASCII);
}

const BEYOND_ASCII = 1.5;

const DECOMPRESSORS = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The body, inflated. It counts against the budget as it comes, not as it was declared: who opens many
 * connections and sends nothing takes no room from others. The caller releases costOf what it got.
 * Resolves to the problem of a body that is refused: `unsupported_encoding`, `body_too_large`, `malformed_body` or
 * `overloaded`; nothing is held then.
 * @param limit bytes, on the wire and inflated
 */
export function readBody(request: IncomingMessage, limit: number, budget: ByteBudget): Promise<Buffer | Problem> {
  return new Promise((resolve) => {
    const encoding = request.headers['content-encoding']?.toLowerCase() || 'identity';
    const decompressor = DECOMPRESSORS.get(encoding)?.();
    const collector = createCollector();
    let held = 0;
    let received = 0;

    const refuse = (problem: Problem): void => {
      request.off('error', aborted).off('data', count);
      stream.off('data', keep).off('end', finish);
      if (decompressor) request.unpipe(decompressor);
      decompressor?.on('error', ignore).destroy();
      // What still comes is thrown away, so that the producer gets to read the answer.
      request.on('error', ignore).resume();
      budget.release(held);
      held = 0;
      resolve(problem);
    };
    const aborted = () => refuse(malformed('The connection ended before the body did.'));
    /** What is compressed may be long and come to nothing. */
    const count = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > limit) refuse(tooLarge(limit));
    };
    const keep = (chunk: Buffer): void => {
      if (held + chunk.length > limit) refuse(tooLarge(limit));
      else if (held + chunk.length > budget.maximum) refuse(tooLargeForMemory(budget.maximum));
      else if (!budget.reserve(chunk.length)) refuse(overloaded());
      else {
        held += chunk.length;
        collector.add(chunk);
      }
    };
    const finish = () => {
      const body = collector.concat();
      const more = costOf(body) - held;
      if (held + more > budget.maximum) return refuse(tooLargeForMemory(budget.maximum / BEYOND_ASCII));
      if (!budget.reserve(more)) return refuse(overloaded());
      request.off('error', aborted);
      held = 0;
      resolve(body);
    };

    const stream: Readable = decompressor ?? request;
    if (!decompressor && encoding !== 'identity') return refuse(unsupported());
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(tooLarge(limit));
    request.on('error', aborted);
    decompressor?.on('error', () => refuse(malformed('The body does not fit its Content-Encoding.')));
    stream.on('data', keep).on('end', finish);
    if (decompressor) request.on('data', count).pipe(decompressor);
  });
}

function ignore(): void {}

function malformed(detail: string): Problem {
  return new Problem('malformed_body', detail);
}

function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body may have at most ${limit} bytes, after decompression.`);
}

/** Coming again would not help. */
function tooLargeForMemory(most: number): Problem {
  const detail = `This service has memory for bodies of ${Math.floor(most)} bytes. Send less at once, or give it more memory: NODE_OPTIONS=--max-old-space-size=…`;
  return new Problem('body_too_large', detail);
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
