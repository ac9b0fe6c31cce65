import { type Document, parseDocument } from 'yaml';

/** Options for the parser of YAML, for contentOf. */
export const EXACT = { intAsBigInt: true, prettyErrors: false } as const;

/** The value of a document. Whole numbers beyond 2^53 are BigInts, as in client/json.ts; all others are numbers. */
export function contentOf(document: Document): unknown {
  return document.toJS({ reviver: (_key, value) => (isSafe(value) ? Number(value) : value) });
}

/**
 * Parses YAML, or JSON, which is YAML as well.
 * @throws Error of the first thing that is wrong
 */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, EXACT);
  const [error] = document.errors;
  if (error) throw error;
  return contentOf(document);
}

function isSafe(value: unknown): value is bigint {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value));
}
