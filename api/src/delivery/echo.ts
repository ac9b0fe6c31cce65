import type { Answer } from '../destinations/index.ts';
import type { Destination } from '../model/configuration.ts';
import { viewsOf } from './escapes.ts';
import { formsOfSecrets, formsOfSignatures, SHORTEST_SECRET } from './known-secrets.ts';

const REDACTED = '[redacted]';
/** A response may be cut off inside a secret: at its end, this many characters of one are enough to redact. */
const SHORTEST_BEGINNING = 4;

/** Secrets by their first characters, so that the search time depends on the text, not on the number of secrets. */
type Index = Map<string, string[]>;

/**
 * Replaces credentials that a response echoes by `[redacted]`: the destination's secrets, header values and URL tokens,
 * and the signatures of this request; also when escaped, in base64, in hexadecimal, in another case, or cut off at the
 * end. Needed because everybody in the account can read stored responses.
 */
export type MaskEcho = (answer: Answer, destination: Destination, sent: Readonly<Record<string, string>>) => Answer;

/** The index of a destination's secrets, cached by record object, which stays the same until the record changes. */
export function createMaskEcho(): MaskEcho {
  const known = new WeakMap<Destination, Index>();
  return (answer, destination, sent) => {
    let index = known.get(destination);
    if (!index) {
      index = indexOf(formsOfSecrets(destination));
      known.set(destination, index);
    }
    const indexes = [index, indexOf(formsOfSignatures(sent))].filter(({ size }) => size > 0);
    if (indexes.length === 0) return answer;
    const mask = (text: string) => maskText(text, indexes);
    const headers = Object.fromEntries(Object.entries(answer.headers).map((field) => field.map(mask)));
    return { ...answer, headers, body: mask(answer.body) };
  };
}

function indexOf(secrets: string[]): Index {
  const index: Index = new Map();
  for (const secret of secrets.map(lowerCase)) {
    for (let length = SHORTEST_BEGINNING; length <= SHORTEST_SECRET; length++) {
      const beginning = secret.slice(0, length);
      const same = index.get(beginning);
      if (!same) index.set(beginning, [secret]);
      else if (!same.includes(secret)) same.push(secret);
    }
  }
  return index;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the first and the last character of ASCII
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** Lower-cases ASCII only: other letters could change the text's length. */
function lowerCase(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function maskText(text: string, indexes: Index[]): string {
  if (text.length < SHORTEST_BEGINNING) return text;
  const found: [start: number, end: number][] = [];
  for (const view of viewsOf(text)) {
    const searched = lowerCase(view.text);
    for (let i = 0; i <= searched.length - SHORTEST_BEGINNING; i++) {
      const length = lengthAt(searched, i, indexes);
      if (length > 0) found.push([view.at(i), view.at(i + length)]);
    }
  }
  return replaceSpans(text, found);
}

/** The length of the longest secret at this position, including one cut off by the text's end; 0 if none. */
function lengthAt(text: string, at: number, indexes: Index[]): number {
  const left = text.length - at;
  const beginning = text.slice(at, at + SHORTEST_SECRET);
  let longest = 0;
  for (const index of indexes) {
    for (const secret of index.get(beginning) ?? []) {
      const stands = secret.length <= left ? text.startsWith(secret, at) : secret.startsWith(text.slice(at));
      if (stands) longest = Math.max(longest, Math.min(secret.length, left));
    }
  }
  return longest;
}

function replaceSpans(text: string, spans: [start: number, end: number][]): string {
  let masked = '';
  let done = 0;
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    if (end <= done) continue;
    if (start > done || done === 0) masked += text.slice(done, start) + REDACTED;
    done = end;
  }
  return masked + text.slice(done);
}
