/** Parts of expressions for presets, where any field of a payload may be missing or of another type. */

/** For unknown producers: the event type is `body.type`, the dedupe key the Idempotency-Key header. */
export const GENERIC_EXPRESSIONS = {
  event_type: 'has(body.type) && type(body.type) == string ? body.type : ""',
  dedupe_key: header('idempotency-key'),
  extract: {},
};

/** An expression for the value at the first of these paths (`body.issue.title`) that isn't null or missing; else missing. */
export function firstOf(...paths: string[]): string {
  return firstWhere('x.orValue(null) != null', paths);
}

/** As `firstOf`; the paths in `rest` are looked at only if none of `usual` has a value. */
export function firstOfOrElse(usual: string[], rest: string[]): string {
  const valued = (paths: string[]) => `[${paths.map(optional).join(', ')}].filter(x, x.orValue(null) != null)`;
  return `cel.bind(usual, ${valued(usual)}, size(usual) > 0 ? usual[0] : ${valued(rest)}[0]).value()`;
}

/** The same for texts only, so that the result can be joined to another text. */
export function firstText(...paths: string[]): string {
  return firstWhere('type(x.orValue(null)) == string', paths);
}

/** An expression for a header; empty if there is none. */
export function header(name: string): string {
  return `headers[?"${name}"].orValue("")`;
}

/** An expression for a text; empty if there is none at this path. */
export function textOrEmpty(path: string): string {
  return `(type(${optional(path)}.orValue(null)) == string ? ${optional(path)}.orValue("") : "")`;
}

/** An expression for whether there is something at any of these paths. */
export function hasAny(...paths: string[]): string {
  return `(${paths.map((path) => `${optional(path)}.hasValue()`).join(' || ')})`;
}

/** For `split`: the list at this path; else the body alone, so that a payload of another form is one event. */
export function listAt(path: string): string {
  const found = path === 'body' ? path : `${optional(path)}.orValue(null)`;
  return `type(${found}) == list ? dyn(${path}) : dyn([body])`;
}

/** `body.events[0].type` → `body.?events[?0].?type`: absent instead of an error where something is missing on the way. */
function optional(path: string): string {
  return path.replaceAll('.', '.?').replaceAll('[', '[?');
}

function firstWhere(condition: string, paths: string[]): string {
  return `[${paths.map(optional).join(', ')}].filter(x, ${condition})[0].value()`;
}
