import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { continued, unlinked, unlinkedHeading } from './plain.ts';
import { PERMANENT } from './refusal.ts';
import { slackRefusal } from './slack-refusal.ts';
import { LINK_TEXT, summarize, withTexts } from './summary.ts';
import type { Answer, DefaultBodyInput, DestinationType } from './type.ts';
import { asText, cutField, type Fields, isObject, mapTexts } from './value.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage#truncating and https://docs.slack.dev/reference/block-kit/blocks */
const LIMITS = {
  text: 40_000,
  attachments: 100,
  blocks: 50,
  blockText: 3000,
  headerText: 150,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
} as const;

/** What would notify many people at once, or one by id: Slack's form, and Mattermost's. */
const SLACK_MENTION = /<(?=!(?:channel|here|everyone|group|subteam)|@)/g;
/** Mattermost reads it in any case, and behind any sign. What is part of an address is none, and matches with it. */
const MATTERMOST_MENTION = /https?:\/\/[\w.-]+(?::\d+)?\/[^\s<>|]*|(?<!\w)@(?=(?:channel|here|everyone|all)\b)/gi;
const INVISIBLE = '\u200b';

/**
 * A Slack channel, by the URL of an incoming webhook; Mattermost and others that take the same. The default body is
 * a text without blocks, the part that all of them show.
 */
export const slack: DestinationType = {
  sends: true,
  defaultBody,
  fit: (value) => ({ body: stringifyJson(fitMessage(value)), content_type: 'application/json' }),
  classify,
};

function defaultBody(input: DefaultBodyInput): unknown {
  const { title, text, heading, url, link, facts } = withTexts(summarize(input), unlinked, unlinkedHeading);
  const lines = [
    url === undefined ? `*${escaped(continued(title))}*` : `*${anchor(url, title)}*`,
    text && escaped(text),
    heading && escaped(continued(heading)),
    ...facts.map(({ name, value }) => `• ${escaped(name)}: ${escaped(continued(value))}`),
    link && anchor(link, LINK_TEXT),
  ];
  return { text: lines.filter(Boolean).join('\n') };
}

/** The three control characters of Slack's texts: https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function anchor(url: string, text: string): string {
  return `<${escaped(url.replace(/[<>|\s]/g, encodeURIComponent))}|${escaped(text.replace(/\s+/g, ' '))}>`;
}

/** Payloads come from anybody: "<!channel>" in an issue's title would ping the channel. A template lifts this with Slack's own `link_names`. */
function fitMessage(value: unknown): Fields {
  if (!isObject(value)) return fitMessage({ text: asText(value) });
  const message = value.link_names ? { ...value } : (mapTexts(value, withoutMentions) as Fields);
  cutField(message, 'text', LIMITS.text);
  if (Array.isArray(message.blocks)) message.blocks = fitBlocks(message.blocks);
  if (Array.isArray(message.attachments)) message.attachments = message.attachments.slice(0, LIMITS.attachments);
  return message;
}

function withoutMentions(text: string): string {
  return text
    .replace(SLACK_MENTION, '&lt;')
    .replace(MATTERMOST_MENTION, (found) => (found === '@' ? `@${INVISIBLE}` : found));
}

function fitBlocks(blocks: unknown[]): unknown[] {
  return blocks.slice(0, LIMITS.blocks).map((block) => (isObject(block) ? fitBlock(block) : block));
}

function fitBlock(block: Fields): Fields {
  const fitted = { ...block };
  fitText(fitted, block.type === 'header' ? LIMITS.headerText : LIMITS.blockText);
  if (Array.isArray(fitted.fields)) fitted.fields = fitTexts(fitted.fields, LIMITS.fields, LIMITS.fieldText);
  if (block.type === 'context' && Array.isArray(fitted.elements)) {
    fitted.elements = fitTexts(fitted.elements, LIMITS.contextElements, LIMITS.blockText);
  }
  return fitted;
}

/** A block's text is an object `{type, text}`. */
function fitText(owner: Fields, max: number): void {
  if (!isObject(owner.text)) return;
  const text = { ...owner.text };
  cutField(text, 'text', max);
  owner.text = text;
}

function fitTexts(elements: unknown[], count: number, max: number): unknown[] {
  return elements.slice(0, count).map((element) => {
    if (!isObject(element)) return element;
    const fitted = { ...element };
    cutField(fitted, 'text', max);
    return fitted;
  });
}

function classify(answer: Answer): Outcome | undefined {
  if (answer.status === 410) return { kind: 'gone', error: slackRefusal(answer) };
  return PERMANENT.has(answer.status) ? { kind: 'permanent', error: slackRefusal(answer) } : undefined;
}
