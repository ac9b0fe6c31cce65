import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../../destinations/index.ts';
import { readHeaderText } from '../../model/header-text.ts';
import { MAX_READ_BYTES } from './wire.ts';

const MAX_KEPT_BYTES = 8 * 1024;
const MAX_KEPT_HEADERS = 50;
/** Headers that may occur only once: of repeated ones, values aren't joined to a list. */
const SINGLE: ReadonlySet<string> = new Set(['content-length', 'content-type', 'location', 'retry-after']);

/** A response while it is being received. */
export class Reading {
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #read = 0;

  begin(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  get hasBegun(): boolean {
    return this.#status > 0;
  }

  /** Returns how many bytes have been read. */
  add(chunk: Buffer): number {
    if (this.#read < MAX_READ_BYTES) this.#chunks.push(chunk.subarray(0, MAX_READ_BYTES - this.#read));
    this.#read += chunk.length;
    return this.#read;
  }

  answer(): Answer {
    const [only] = this.#chunks;
    const read = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    return {
      status: this.#status,
      headers: keptHeaders(this.#headers),
      body: read.toString('utf8', 0, MAX_KEPT_BYTES),
      ...(read.length > MAX_KEPT_BYTES && { whole: read.toString() }),
    };
  }
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if (name === 'set-cookie') continue;
    if (++count > MAX_KEPT_HEADERS) break;
    const value = headers[name];
    kept[name] = readHeaderText(
      Array.isArray(value) && SINGLE.has(name) ? String(value[0]) : [value].flat().join(', '),
    );
  }
  return kept;
}
