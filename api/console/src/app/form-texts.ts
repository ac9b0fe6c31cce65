import { stringifyJson } from '../../../client/json.ts';

/** What forms have as text and the API as something else. */

/** A name and a value a line: "name: value". */
export function pairLines(pairs: Readonly<Record<string, string>> | null | undefined): string {
  return Object.entries(pairs ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** The other way; null when there is none. A line without a colon has an empty value, which the API says is wrong. */
export function pairsOf(lines: string): Record<string, string> | null {
  const pairs = linesOf(lines).map((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

/** Lines that are not blank. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Empty for 0, which stands for a default. */
export function numberText(number: number | undefined): string {
  return number ? String(number) : '';
}

/** 0 for nothing. What is no number stays as it was typed, for the API to say what is wrong with it. */
export function numberOf(text: string): number {
  const number = Number(text.trim().replace(',', '.'));
  return Number.isNaN(number) ? (text as unknown as number) : number;
}

/** Those fields of `after` that differ: others may have been changed meanwhile by somebody else. */
export function differences<T extends object>(before: T, after: T): Partial<T> {
  const entries = Object.entries(after).filter(
    ([name, value]) => stringifyJson(value) !== stringifyJson(before[name as keyof T]),
  );
  return Object.fromEntries(entries) as Partial<T>;
}
