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

/** What is known of a destination, cached by record object, which stays the same until the record changes. */
interface Known {
  secrets: Index;
  /** Header fields of its last answer that held no credentials. A signature made since is in none of them. */
  clean: ReadonlyMap<string, string>;
}

/** Longer header fields are searched each time. */
const LONGEST_KEPT = 100;

export function createMaskEcho(): MaskEcho {
  const known = new WeakMap<Destination, Known>();
  return (answer, destination, sent) => {
    let its = known.get(destination);
    if (!its) {
      its = { secrets: indexOf(formsOfSecrets(destination)), clean: new Map() };
      known.set(destination, its);
    }
    const { secrets, clean } = its;
    let indexes: Index[] | undefined;
    const mask = (text: string): string => {
      if (text.length < SHORTEST_BEGINNING) return text;
      indexes ??= [secrets, indexOf(formsOfSignatures(sent))].filter(({ size }) => size > 0);
      return indexes.length === 0 ? text : maskText(text, indexes);
    };
    const found = Object.entries(answer.headers);
    const fields = found.map((field) => (clean.get(field[0]) === field[1] ? field : field.map(mask)));
    its.clean = new Map(found.filter(([name, value], i) => isKept(name, value, fields[i])));
    return { ...answer, headers: Object.fromEntries(fields), body: mask(answer.body) };
  };
}

function isKept(name: string, value: string, masked: string[] | undefined): boolean {
  return masked?.[0] === name && masked[1] === value && name.length + value.length <= LONGEST_KEPT;
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
