import { parseBody } from '../body.ts';
import type { SignedRequest } from './scheme.ts';

/**
 * The texts at a place of a request: `headers.x-token`, `query.token`, `body.value.*.clientState` (`*`: each element of a
 * list). Numbers count as texts; what is missing, or no text, is the empty text, so that a list is as long as what it is about.
 */
export function textsAt(place: string, request: SignedRequest): string[] {
  const [part, name] = cut(place);
  switch (part) {
    case 'headers':
      return [request.headers[name.toLowerCase()] ?? ''];
    case 'query':
      return [new URLSearchParams(queryOf(request.url)).get(name) ?? ''];
    case 'body':
      return textsIn(bodyOf(request), name);
    default:
      return [''];
  }
}

/** The texts at a path of a body, as `textsAt` finds them. */
export function textsIn(body: unknown, path: string): string[] {
  return valuesAt([body], path.split('.')).map(toText);
}

/** The name of the header, or of the query parameter, that a place is, in small letters; undefined: it is another place. */
export function nameOfPlace(place: string, part: 'headers' | 'query'): string | undefined {
  const [its, name] = cut(place);
  return its === part ? name.toLowerCase() : undefined;
}

function cut(place: string): [part: string, name: string] {
  const dot = place.indexOf('.');
  return [place.slice(0, dot), place.slice(dot + 1)];
}

export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}

const parsed = new WeakMap<SignedRequest, { body: unknown }>();

function bodyOf(request: SignedRequest): unknown {
  let known = parsed.get(request);
  if (!known) {
    const body = parseBody(request.rawBody, request.headers['content-type'] ?? '');
    known = { body: body.ok ? body.value : null };
    parsed.set(request, known);
  }
  return known.body;
}

function valuesAt(values: unknown[], path: string[]): unknown[] {
  return path.reduce<unknown[]>(
    (found, name) => found.flatMap((value) => (name === '*' ? elements(value) : [member(value, name)])),
    values,
  );
}

function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** parseJson makes a Map of a few unusual objects. */
function member(value: unknown, name: string): unknown {
  if (value instanceof Map) return value.get(name);
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isThere ? (value as Record<string, unknown>)[name] : undefined;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
