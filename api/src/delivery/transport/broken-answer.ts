import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../../destinations/index.ts';
import { Reading } from './answer.ts';

const STATUS_LINE = /^\s*HTTP\/[\d.]+[ \t]+(\d{3})(?!\d)[^\n]*/i;
const HEAD_END = /\n\r?\n/;
const FIELD = /^([^\s:]+)[ \t]*:(.*)$/gm;

/**
 * What bytes say that no HTTP parser takes for an answer: a status line is one, whatever comes after it. The body is as it came,
 * with the sizes of its chunks if it has such.
 *
 * @returns undefined without a status line
 */
export function readBrokenAnswer(bytes: Buffer): Answer | undefined {
  let text = bytes.toString('latin1');
  for (;;) {
    const [line, digits] = STATUS_LINE.exec(text) ?? [];
    if (line === undefined) return undefined;
    const end = HEAD_END.exec(text);
    const body = end ? text.slice(end.index + end[0].length) : '';
    const status = Number(digits);
    // The others of 1xx come before the answer.
    if (status === 101 || status < 100 || status >= 200) {
      const reading = new Reading();
      reading.begin(status, readFields(text.slice(line.length, end?.index)));
      reading.add(Buffer.from(body, 'latin1'));
      return reading.answer();
    }
    text = body;
  }
}

/** The first of each name. */
function readFields(text: string): IncomingHttpHeaders {
  const fields: IncomingHttpHeaders = {};
  for (const [, name = '', value = ''] of text.matchAll(FIELD)) fields[name.toLowerCase()] ??= value.trim();
  return fields;
}
