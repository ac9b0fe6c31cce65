import { continued, unlinked, unlinkedHeading } from './plain.ts';
import { cut } from './text.ts';
import type { DefaultBodyInput } from './type.ts';
import { asText } from './value.ts';

/** A default body shows that much of the extracted data, and no more of each value. */
const MAX_FACTS = 10;
const MAX_FACT = 200;
const MAX_TITLE = 256;

/** What every default body says of an event, each destination in its own form. */
export interface Summary {
  /** What was extracted as `title`, else `source: type`; of a notification its sentence. */
  title: string;
  /** Of a notification: what explains it. */
  text?: string;
  /** `source: type`, unless that is the title. */
  heading?: string;
  /** What was extracted as `url`, if it leads to the web. */
  url?: string;
  /** Where the event can be seen. */
  link?: string;
  /** The other extracted fields that hold something. */
  facts: { name: string; value: string }[];
}

export const LINK_TEXT = 'Show the event';

export function summarize({ source, type, data, link, message }: DefaultBodyInput): Summary {
  if (message)
    return { title: message.title, ...(message.text && { text: message.text }), url: message.url, facts: [] };
  const { title, url, ...rest } = data;
  const address = webAddress(url);
  const heading = type ? `${source}: ${type}` : source;
  return {
    ...(holdsSomething(title) ? { title: cut(asText(title), MAX_TITLE), heading } : { title: heading }),
    ...(address !== undefined && { url: address }),
    ...(link !== undefined && { link }),
    facts: Object.entries(rest)
      .filter(([, value]) => holdsSomething(value))
      .slice(0, MAX_FACTS)
      .map(([name, value]) => ({ name, value: cut(asText(value), MAX_FACT) })),
  };
}

/** Discord refuses a message for a longer one. */
const MAX_URL = 2048;

/** An address of the web, blanks and line breaks escaped: a payload may have written more than an address. */
function webAddress(url: unknown): string | undefined {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const address = /[^!-~]/.test(url) ? new URL(url).href : url;
  return address.length <= MAX_URL ? address : undefined;
}

/** The same, with `change` made to each text that a payload may have given; addresses stay. */
export function withTexts(summary: Summary, change: (text: string) => string, changeHeading = change): Summary {
  const { title, text, heading, facts } = summary;
  return {
    ...summary,
    title: heading === undefined ? changeHeading(title) : change(title),
    ...(text !== undefined && { text: change(text) }),
    ...(heading !== undefined && { heading: changeHeading(heading) }),
    facts: facts.map(({ name, value }) => ({ name: change(name), value: change(value) })),
  };
}

/** As lines, for destinations without markup, which find addresses by themselves. */
export function summaryLines(summary: Summary): string {
  const { title, text, heading, url, link, facts } = withTexts(summary, unlinked, unlinkedHeading);
  const lines = [
    continued(title),
    text,
    heading && continued(heading),
    url,
    ...facts.map(({ name, value }) => `${name}: ${continued(value)}`),
    link && `${LINK_TEXT}: ${link}`,
  ];
  return lines.filter(Boolean).join('\n');
}

function holdsSomething(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
