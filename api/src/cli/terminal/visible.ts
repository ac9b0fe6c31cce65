/**
 * Characters that a terminal could interpret: C0, DEL and C1 control characters except for line breaks and tabs, and
 * characters that change the writing direction. Needed because event types and payloads come from strangers.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes such characters as `\u001b`, which is harmless on a terminal and valid inside JSON. */
export function visible(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Like `visible`, but on one line; empty for null and undefined. */
export function visibleLine(text: string | undefined): string {
  return visible(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
