import { Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { encodingByLabel } from './charset.ts';

const DECOMPRESSORS = new Map<string, (firstByte: number) => Transform>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', createAnyInflate],
  ['x-deflate', createAnyInflate],
  ['zlib', createAnyInflate],
  ['br', () => createBrotliDecompress()],
]);

/** Codings that change nothing, those of mail among them. */
const PLAIN = new Set(['identity', 'none', '7bit', '8bit', 'binary']);

/** More than one is rare already; each costs memory and time of its own. */
const MAX_CODINGS = 3;

/**
 * What undoes a Content-Encoding (RFC 9110, 8.4), in the order to be used: a list names the coding applied last at its end.
 * A charset declared here by mistake changes nothing. Undefined: there is a coding that can't be undone.
 */
export function decompressorsFor(contentEncoding: string | undefined): Transform[] | undefined {
  if (contentEncoding === undefined) return [];
  const codings = contentEncoding.toLowerCase().split(',');
  const applied = codings.map((coding) => coding.trim()).filter((coding) => coding !== '' && !isPlain(coding));
  const begins = applied.reverse().flatMap((coding) => DECOMPRESSORS.get(coding) ?? []);
  if (applied.length > MAX_CODINGS || begins.length < applied.length) return undefined;
  return begins.map((begin) => new Decompress(begin));
}

function isPlain(coding: string): boolean {
  return PLAIN.has(coding) || (!DECOMPRESSORS.has(coding) && encodingByLabel(coding) !== undefined);
}

/**
 * Undoes one coding. No bytes at all are an empty body under any coding. Bytes behind the end of the compressed data are
 * dropped (of gzip padding only: others might be another member).
 */
class Decompress extends Transform {
  readonly #begin: (firstByte: number) => Transform;
  #inner: Transform | undefined;

  constructor(begin: (firstByte: number) => Transform) {
    super();
    this.#begin = begin;
  }

  override _transform(chunk: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
    this.#inner ??= this.#begin(chunk[0] ?? 0)
      .on('data', (data) => this.push(data))
      .on('error', (error) => this.destroy(error));
    // Whatever it is given after its end, zlib's stream says nothing of it: not even that it took it.
    if (this.#inner.readableEnded) done();
    else this.#inner.write(chunk, encoding, () => done());
  }

  override _flush(done: TransformCallback): void {
    if (!this.#inner || this.#inner.readableEnded) done();
    else this.#inner.once('end', () => done()).end();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }
}

/** `deflate` is zlib's format (RFC 9110, 8.4.1.2), but some send the raw one; the first byte tells. */
function createAnyInflate(firstByte: number): Transform {
  return (firstByte & METHOD) === DEFLATE ? createInflate() : createInflateRaw();
}

/** The lower half of zlib's first byte (RFC 1950, 2.2). A raw stream that begins like that would waste its bits. */
const METHOD = 0x0f;
const DEFLATE = 8;
