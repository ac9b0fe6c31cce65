import { stringifyJson } from '../expressions/json.ts';
import type { Outcome } from '../model/delivery.ts';
import { discordRefusal } from './discord-refusal.ts';
import { cut } from './text.ts';
import type { Answer, DefaultBodyInput, DestinationType } from './type.ts';

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
/** A default body shows that much of the extracted data, and no more of each value. */
const DEFAULT_FIELDS = 10;
const DEFAULT_FIELD_VALUE = 200;

type Fields = Record<string, unknown>;

/** A Discord channel, by its webhook URL. */
export const discord: DestinationType = {
  sends: true,
  defaultBody,
  fit: (value) => ({ body: stringifyJson(fitMessage(value)), content_type: 'application/json' }),
  classify,
};

function defaultBody({ source, type, received_at, data }: DefaultBodyInput): unknown {
  const { title, url, ...rest } = data;
  const heading = type ? `${source}: ${type}` : source;
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .slice(0, DEFAULT_FIELDS)
    .map(([name, value]) => ({ name, value: cut(asText(value), DEFAULT_FIELD_VALUE), inline: true }));
  return {
    embeds: [
      {
        title: title === undefined ? heading : asText(title),
        ...(typeof url === 'string' && /^https?:\/\//.test(url) && { url }),
        ...(fields.length > 0 && { fields }),
        ...(title !== undefined && { footer: { text: heading } }),
        timestamp: received_at.replace(' ', 'T'),
      },
    ],
  };
}

function fitMessage(value: unknown): Fields {
  if (!isObject(value)) return fitMessage({ content: asText(value) });
  // Payloads come from anybody: without this, "@everyone" in an issue's title would ping everyone.
  const message: Fields = { allowed_mentions: { parse: [] }, ...value };
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

function cutField(owner: Fields, key: string, max: number): void {
  const value = owner[key];
  if (value !== undefined && value !== null) owner[key] = cut(asText(value), max);
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyJson(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Too many 401, 403 and 404 answers get an IP address banned, so those end a delivery at once. */
const PERMANENT: ReadonlySet<number> = new Set([400, 401, 403, 404]);

function classify(answer: Answer): Outcome | undefined {
  if (PERMANENT.has(answer.status)) return { kind: 'permanent', error: discordRefusal(answer) };
  if (answer.status !== 429) return undefined;
  const seconds = retryAfterSeconds(answer);
  if (seconds === undefined) return undefined;
  return {
    kind: 'throttled',
    error: `Discord asks to wait ${seconds} s (429 Too Many Requests).`,
    retry_after_ms: Math.ceil(seconds * 1000),
  };
}

/** In the JSON body to the millisecond; undefined when the answer is not Discord's own (Cloudflare's has only the header). */
function retryAfterSeconds(answer: Answer): number | undefined {
  try {
    const { retry_after } = JSON.parse(answer.body) as { retry_after?: unknown };
    return typeof retry_after === 'number' && retry_after >= 0 ? retry_after : undefined;
  } catch {
    return undefined;
  }
}
