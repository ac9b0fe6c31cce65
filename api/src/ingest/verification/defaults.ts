import type { SchemeDefaults } from './scheme.ts';

/** For producers of which nothing is known: a `type` in the body, and the Idempotency-Key header. */
export const GENERIC_DEFAULTS: SchemeDefaults = {
  event_type: 'has(body.type) && type(body.type) == string ? body.type : ""',
  dedupe_key: 'headers[?"idempotency-key"].orValue("")',
  extract: {},
};

/** The first of these paths (`body.issue.title`) at which there is anything but null; else the expression finds nothing. */
export function firstOf(...paths: string[]): string {
  return firstWhere('x.orValue(null) != null', paths);
}

/** The same for texts: what is joined to another text must not be anything else. */
export function firstText(...paths: string[]): string {
  return firstWhere('type(x.orValue(null)) == string', paths);
}

function firstWhere(condition: string, paths: string[]): string {
  return `[${paths.map((path) => path.replaceAll('.', '.?')).join(', ')}].filter(x, ${condition})[0].value()`;
}
