import { parseJson, stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';

type Event = Pick<Schemas['Event'], 'body' | 'body_encoding' | 'headers' | 'extracted'>;

const PATHS = 500;
const DEPTH = 8;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OWN = ['event.id', 'event.type', 'event.received_at', 'event.correlation_id', 'source', 'method'];

/** What an expression can name: the path, and how its value begins in the event that is looked at. */
export interface FieldPath {
  path: string;
  value: string;
}

/** Every field of a real event, as expressions write them, those nearest to the root first. */
export function fieldPaths({ body, body_encoding, headers, extracted }: Event): FieldPath[] {
  const found: FieldPath[] = [];
  const waiting: { path: string; value: unknown; depth: number }[] = [
    ...(body_encoding === 'base64' ? [] : [{ path: 'body', value: parsed(body), depth: 0 }]),
    { path: 'data', value: extracted, depth: 0 },
    {
      path: 'headers',
      value: Object.fromEntries(headers.map(([name = '', value]) => [name.toLowerCase(), value])),
      depth: 0,
    },
  ];
  for (let next = waiting.shift(); next && found.length < PATHS; next = waiting.shift()) {
    const { path, value, depth } = next;
    found.push({ path, value: beginning(value) });
    if (value === null || typeof value !== 'object' || depth === DEPTH) continue;
    // One item of a list stands for all.
    const members = Array.isArray(value) ? value.slice(0, 1).entries() : Object.entries(value);
    for (const [key, member] of members) waiting.push({ path: `${path}${step(key)}`, value: member, depth: depth + 1 });
  }
  return [...found, ...OWN.map((path) => ({ path, value: '' }))];
}

function step(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function parsed(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}

function beginning(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} items`;
  if (value !== null && typeof value === 'object') return '';
  return stringifyJson(value)?.slice(0, 40) ?? '';
}

/** The part of a path before the cursor, if an expression stands there; in a template only between {{ and }}. */
export function pathBefore(text: string, isTemplate: boolean): string | undefined {
  if (isTemplate && text.lastIndexOf('{{') <= text.lastIndexOf('}}')) return undefined;
  return /(?:[A-Za-z_][\w.]*(?:\[(?:\d+|"[^"]*"?)?\]?[\w.]*)*)?$/.exec(text)?.[0];
}
