/** What CommonMark, Discord and Teams make markup, links, mentions or entities of. */
const MARKUP = /[\\*_~`|[\]<@]|:(?=\/\/)|&(?=#?\w+;)|\{(?=\{)|(?<=\bwww)\.|(?<=^[ \t]*)[#>+-]|(?<=^[ \t]*\d+)[.)]/gim;

/** The text as Markdown that shows it as it is: markup in a payload is the text of a stranger. */
export function escapeMarkdown(text: string): string {
  return text.replace(MARKUP, '\\$&');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text as HTML, inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The text as one segment of a path, or one value of a query (RFC 3986, 2.1); what is no text in UTF-8 is replaced. */
export function escapeUrl(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
