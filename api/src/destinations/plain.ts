export { escapeMarkdown } from '../expressions/escapes.ts';

/** Shows as nothing; what stands around it is no link, mention, tag or command any more. */
const INVISIBLE = '\u200b';

/** `https://…`, `@name`, mail addresses, `#tag`, `/command`, `$TAG`, and Markdown's `[…](…)`. */
const ADDRESS = /:(?=\/\/)|@(?=\w)|(?<=\bwww)\.|(?<![\p{L}\d_])[#$](?=\p{L})|(?<![\w/.:<])\/(?=\p{L})|\](?=\()/giu;
/** Of a name such as `evil.example`, with or without a path. */
const DOMAIN_DOT = /(?<=[\p{L}\d])\.(?=\p{L}{2,})/gu;

/**
 * The text such that a service that looks for addresses in plain text finds none. Bare names of hosts look like names of files, which
 * therefore take an invisible character along when they are copied.
 */
export function unlinked(text: string): string {
  return text.replace(ADDRESS, `$&${INVISIBLE}`).replace(DOMAIN_DOT, `$&${INVISIBLE}`);
}

/** Further lines of a text are set in, so that nobody's payload makes a line that looks like one of the message's own. */
export function continued(text: string): string {
  return text.replace(/\r\n?|[\n\v\f\x85\u2028\u2029]/g, '\n    ');
}

/** As `unlinked`, for source and type of an event: `issues.opened` is no host, and stays. */
export function unlinkedHeading(text: string): string {
  return /[/@]/.test(text) ? unlinked(text) : text.replace(ADDRESS, `$&${INVISIBLE}`);
}
