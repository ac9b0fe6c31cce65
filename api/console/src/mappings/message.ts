import type { Schemas } from '../../../client/schemas.ts';

type Type = Schemas['DestinationType'];

/** A part of a chat message, as people see it. */
export interface MessagePart {
  title?: string;
  link?: string;
  text?: string;
  fields: { name: string; value: string }[];
  /** A CSS colour of the bar beside it. */
  color?: string;
}

/** What a chat draws from the body of a request; undefined: it is no message that this knows. */
export function messageOf(type: Type, body: string): MessagePart[] | undefined {
  const value = parsed(body);
  if (value === undefined) return undefined;
  const parts = readers[type]?.(value).filter(({ title, text, fields }) => title || text || fields.length > 0);
  return parts && parts.length > 0 ? parts : undefined;
}

type Json = Record<string, unknown>;

const readers: Partial<Record<Type, (body: Json) => MessagePart[]>> = {
  discord: (body) => [
    part({ text: body.content }),
    ...list(body.embeds).map((embed) =>
      part({
        title: embed.title,
        link: embed.url,
        text: embed.description,
        fields: list(embed.fields).map(({ name, value }) => field(name, value)),
        color: typeof embed.color === 'number' ? `#${embed.color.toString(16).padStart(6, '0')}` : undefined,
      }),
    ),
  ],
  slack: (body) => {
    const blocks = list(body.blocks).map(({ text, fields }) =>
      part({ text: textOf(text), fields: list(fields).map((each) => field('', textOf(each))) }),
    );
    const attachments = list(body.attachments).map(({ title, title_link, text, fields, color }) =>
      part({
        title,
        link: title_link,
        text,
        fields: list(fields).map((each) => field(each.title, each.value)),
        color,
      }),
    );
    // Where there are blocks, Slack shows `text` in notices only.
    return [...(blocks.length > 0 ? [] : [part({ text: body.text })]), ...blocks, ...attachments];
  },
  teams: (body) =>
    list(body.attachments)
      .flatMap(({ content }) => list((content as Json | undefined)?.body))
      .map(({ text, facts }) => part({ text, fields: list(facts).map(({ title, value }) => field(title, value)) })),
  telegram: ({ text }) => [part({ text: typeof text === 'string' ? text.replace(/<[^>]*>/g, '') : text })],
  ntfy: ({ title, message, click }) => [part({ title, text: message, link: click })],
};

interface Found {
  title?: unknown;
  link?: unknown;
  text?: unknown;
  fields?: MessagePart['fields'];
  color?: unknown;
}

function part({ title, link, text, fields = [], color }: Found): MessagePart {
  return {
    ...(isText(title) && { title }),
    ...(isText(link) && { link }),
    ...(isText(text) && { text }),
    ...(isText(color) && { color }),
    fields,
  };
}

function field(name: unknown, value: unknown): { name: string; value: string } {
  return { name: String(name ?? ''), value: String(value ?? '') };
}

function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as Json).text : value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function parsed(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
