import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Problem } from '../model/problems.ts';
import { createCollector } from './collector.ts';
import { decompressorsFor } from './content-coding.ts';

/** Bounds the bytes of request bodies that this process holds at once; a body beyond it is refused. */
export interface ByteBudget {
  readonly maximum: number;
  /** False when there is no room; then nothing was reserved. */
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

/** What a body counts in the budget: V8 stores a text in two bytes per character if one of them is beyond Latin-1. */
export function costOf(body: Buffer): number {
  return isAscii(body) ? body.length : Math.ceil(body.length * BEYOND_ASCII);
}

const BEYOND_ASCII = 1.5;

/**
 * Reads and decompresses the body. Bytes count against the budget when they arrive, not when Content-Length declares them,
 * so clients that open connections and send nothing take no room. The caller must release costOf(body) afterwards.
 * Resolves to a problem if the body is refused: `unsupported_encoding`, `body_too_large`, `malformed_body` or
 * `overloaded`; then nothing is reserved.
 * @param limit bytes, both on the wire and decompressed
 */
export function readBody(request: IncomingMessage, limit: number, budget: ByteBudget): Promise<Buffer | Problem> {
  return new Promise((resolve) => {
    const decompressors = decompressorsFor(request.headers['content-encoding']);
    const collector = createCollector();
    let held = 0;

    const refuse = (problem: Problem): void => {
      request.off('error', aborted).removeAllListeners('data').unpipe();
      stream.off('data', keep).off('end', finish);
      for (const decompressor of decompressors ?? []) decompressor.on('error', ignore).destroy();
      // Read and drop the rest, so that the producer finishes sending and reads the response.
      request.on('error', ignore).resume();
      budget.release(held);
      held = 0;
      resolve(problem);
    };
    const aborted = () => refuse(malformed('The connection ended before the body did.'));
    /** Counts compressed bytes as well: a long compressed body may decompress to nothing. */
    const countOf = (compressed: Readable): void => {
      let received = 0;
      compressed.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > limit) refuse(tooLarge(limit));
      });
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

    const stream: Readable = decompressors?.at(-1) ?? request;
    if (!decompressors) return refuse(unsupported());
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(tooLarge(limit));
    request.on('error', aborted);
    stream.on('data', keep).on('end', finish);
    decompressors.reduce<Readable>((compressed, decompressor) => {
      countOf(compressed);
      decompressor.on('error', () => refuse(malformed('The body does not fit its Content-Encoding.')));
      return compressed.pipe(decompressor);
    }, request);
  });
}

function ignore(): void {}

function malformed(detail: string): Problem {
  return new Problem('malformed_body', detail);
}

function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body may have at most ${limit} bytes, after decompression.`);
}

/** Not `overloaded`: sending the same body again would not help. */
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
