import type { SchemeDefaults } from './scheme.ts';

/** For unknown producers: the event type is `body.type`, the dedupe key the Idempotency-Key header. */
export const GENERIC_DEFAULTS: SchemeDefaults = {
  event_type: 'has(body.type) && type(body.type) == string ? body.type : ""',
  dedupe_key: 'headers[?"idempotency-key"].orValue("")',
  extract: {},
};

/** An expression for the value at the first of these paths (`body.issue.title`) that isn't null or missing; else missing. */
export function firstOf(...paths: string[]): string {
  return firstWhere('x.orValue(null) != null', paths);
}

/** The same for texts only, so that the result can be joined to another text. */
export function firstText(...paths: string[]): string {
  return firstWhere('type(x.orValue(null)) == string', paths);
}

function firstWhere(condition: string, paths: string[]): string {
  return `[${paths.map((path) => path.replaceAll('.', '.?')).join(', ')}].filter(x, ${condition})[0].value()`;
}
