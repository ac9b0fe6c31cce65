/**
 * Everything but line breaks and tabs that a terminal could act on: C0, DEL and C1 control characters, and the
 * characters that turn the direction of writing. Event types and payloads come from strangers.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same text, with active characters as `\u001b`: harmless on a terminal, and still valid inside JSON. */
export function visible(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Like `visible`, on one line; empty for what is not there. */
export function visibleLine(text: string | undefined): string {
  return visible(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
