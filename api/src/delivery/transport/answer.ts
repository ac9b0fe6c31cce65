import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../../destinations/index.ts';
import { readHeaderText } from '../../model/header-text.ts';

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

  /** Keeps the first 8 KiB; returns how many bytes have been read. */
  add(chunk: Buffer): number {
    if (this.#read < MAX_KEPT_BYTES) this.#chunks.push(chunk.subarray(0, MAX_KEPT_BYTES - this.#read));
    this.#read += chunk.length;
    return this.#read;
  }

  answer(): Answer {
    return {
      status: this.#status,
      headers: keptHeaders(this.#headers),
      body: this.#chunks.length === 1 ? String(this.#chunks[0]) : Buffer.concat(this.#chunks).toString(),
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
