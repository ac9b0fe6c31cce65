import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { discordRefusal } from './discord-refusal.ts';
import { escapeMarkdown } from './plain.ts';
import { PERMANENT, secondsOf, throttled } from './refusal.ts';
import { LINK_TEXT, summarize, withTexts } from './summary.ts';
import { cut } from './text.ts';
import type { Answer, DefaultBodyInput, DestinationType } from './type.ts';
import { asText, cutField, type Fields, isObject, parseObject } from './value.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits and …/webhook#execute-webhook */
const LIMITS = {
  content: 2000,
  username: 80,
  embeds: 10,
  embedsTotal: 6000,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
} as const;

/** Discord refuses an empty field name or value; this shows as nothing. */
const BLANK = '\u200b';

/** A Discord channel, by its webhook URL. */
export const discord: DestinationType = {
  sends: true,
  defaultBody,
  fit: (value) => ({ body: stringifyJson(fitMessage(value)), content_type: 'application/json' }),
  classify,
};

function defaultBody(input: DefaultBodyInput): unknown {
  const summary = summarize(input);
  const { title, text, url, link, facts } = withTexts(summary, escapeMarkdown);
  // A footer has no markup.
  const { heading } = summary;
  const description = [text, link !== undefined && `[${LINK_TEXT}](${link})`].filter(Boolean).join('\n');
  return {
    embeds: [
      {
        title,
        ...(url !== undefined && { url }),
        ...(description && { description }),
        ...(facts.length > 0 && { fields: facts.map((fact) => ({ ...fact, inline: true })) }),
        ...(heading !== undefined && { footer: { text: heading } }),
        timestamp: input.received_at,
      },
    ],
  };
}

function fitMessage(value: unknown): Fields {
  if (!isObject(value)) return fitMessage({ content: asText(value) });
  // Payloads come from anybody: without this, "@everyone" in an issue's title would ping everyone.
  const message: Fields = { ...value, allowed_mentions: value.allowed_mentions ?? { parse: [] } };
  cutField(message, 'content', LIMITS.content);
  cutField(message, 'username', LIMITS.username);
  if (Array.isArray(message.embeds)) message.embeds = fitEmbeds(message.embeds);
  return message;
}

function fitEmbeds(embeds: unknown[]): unknown[] {
  const budget = { left: LIMITS.embedsTotal as number };
  return embeds.slice(0, LIMITS.embeds).map((embed) => (isObject(embed) ? fitEmbed(embed, budget) : embed));
}

/** Cuts to the limit of each text and to what earlier texts left of the limit for all of them. */
function fitEmbed(original: Fields, budget: { left: number }): Fields {
  const embed = { ...original };
  const spend = (owner: Fields, key: string, max: number) => {
    cutField(owner, key, Math.min(max, budget.left));
    const text = owner[key];
    if (text === '') delete owner[key];
    if (typeof text === 'string') budget.left -= text.length;
  };
  spend(embed, 'title', LIMITS.title);
  spend(embed, 'description', LIMITS.description);
  for (const [part, key, max] of [
    ['author', 'name', LIMITS.author],
    ['footer', 'text', LIMITS.footer],
  ] as const) {
    if (!isObject(embed[part])) continue;
    const inner = { ...embed[part] };
    spend(inner, key, max);
    embed[part] = inner;
  }
  if (Array.isArray(embed.fields)) embed.fields = fitEmbedFields(embed.fields, budget);
  return embed;
}

function fitEmbedFields(fields: unknown[], budget: { left: number }): Fields[] {
  const fitted: Fields[] = [];
  for (const field of fields.filter(isObject).slice(0, LIMITS.fields)) {
    const name = cut(asText(field.name) || BLANK, Math.min(LIMITS.fieldName, budget.left - 1));
    const value = cut(asText(field.value) || BLANK, Math.min(LIMITS.fieldValue, budget.left - name.length));
    if (!name || !value) break;
    budget.left -= name.length + value.length;
    fitted.push({ ...field, name, value });
  }
  return fitted;
}

/** `retry_after` is exact to the millisecond; an answer that is not Discord's own (Cloudflare's) has only the header. */
function classify(answer: Answer): Outcome | undefined {
  if (PERMANENT.has(answer.status)) return { kind: 'permanent', error: discordRefusal(answer) };
  const seconds = answer.status === 429 ? secondsOf(parseObject(answer.body).retry_after) : undefined;
  return seconds === undefined ? undefined : throttled('Discord', seconds);
}
