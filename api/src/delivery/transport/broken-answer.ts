import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../../destinations/index.ts';
import { Reading } from './answer.ts';

const STATUS_LINE = /^\s*HTTP\/[\d.]+[ \t]+(\d{3})(?!\d)[^\n]*/i;
const HEAD_END = /\n\r?\n/;
const FIELD = /^([^\s:]+)[ \t]*:(.*)$/gm;

/**
 * Reads a response that the HTTP parser refused: a status line is enough. The body is returned as received, with chunk
 * sizes if it is chunked.
 *
 * @returns undefined if there is no status line
 */
export function readBrokenAnswer(bytes: Buffer): Answer | undefined {
  let text = bytes.toString('latin1');
  for (;;) {
    const [line, digits] = STATUS_LINE.exec(text) ?? [];
    if (line === undefined) return undefined;
    const end = HEAD_END.exec(text);
    const body = end ? text.slice(end.index + end[0].length) : '';
    const status = Number(digits);
    // Other 1xx responses are interim: the final one follows.
    if (status === 101 || status < 100 || status >= 200) {
      const reading = new Reading();
      reading.begin(status, readFields(text.slice(line.length, end?.index)));
      reading.add(Buffer.from(body, 'latin1'));
      return reading.answer();
    }
    text = body;
  }
}

/** Takes the first value of each header. */
function readFields(text: string): IncomingHttpHeaders {
  const fields: IncomingHttpHeaders = {};
  for (const [, name = '', value = ''] of text.matchAll(FIELD)) fields[name.toLowerCase()] ??= value.trim();
  return fields;
}
