import { readFileSync } from 'node:fs';
import { parseJson } from '../../../client/json.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type Noun, singularOf } from '../nouns.ts';
import { parseYaml } from '../terminal/yaml.ts';
import { emptyValue, type Field } from './fields.ts';
import { flagOf, type Given } from './flags.ts';

/** A record as the API returns it. */
export type Stored = Record<string, unknown>;

export interface BodyParts {
  kind: Noun;
  fields: Field[];
  given: Given;
  /** A file with more fields; `-` is standard input. */
  file?: string | undefined;
}

/**
 * Builds the request body from the flags and the file. Flags override the file.
 * @param stored the record that is changed; entries given by flags are added to its maps
 */
export async function bodyOf(parts: BodyParts, context: CommandContext, stored: Stored = {}): Promise<Stored> {
  const body = parts.file === undefined ? {} : readFields(parts.file);
  for (const field of parts.fields) {
    const { name } = field;
    const flag = flagOf(parts.kind, name);
    if (name in parts.given) body[name] = await fieldValue(field, parts.given[name], flag, context, stored[name]);
    else if (name in body && field.refersTo) body[name] = await idsOf(field, body[name], context);
  }
  return body;
}

async function fieldValue(field: Field, given: unknown, flag: string, context: CommandContext, before: unknown) {
  switch (field.form) {
    case 'flag':
    case 'number':
    case 'choice':
      return given;
    case 'reference':
    case 'references':
      return idsOf(field, given, context);
    case 'list':
      return (given as string[]).map(contentOf).flatMap((text) => jsonList(text) ?? [text]);
    case 'map':
      return { ...(before as object | null), ...pairs(given as string[], flag) };
    case 'any':
      return jsonOrText(contentOf(given as string));
    case 'text':
      return contentOf(given as string);
  }
}

async function idsOf({ refersTo }: Field, given: unknown, { names }: CommandContext): Promise<unknown> {
  const idOf = (name: unknown) =>
    refersTo && typeof name === 'string' && name !== '' ? names.idOf(refersTo, name) : name;
  return Array.isArray(given) ? Promise.all(given.map(idOf)) : idOf(given);
}

/** `name=text`, or a JSON object, as the documentation and the API write it, for entries that are no texts. */
function pairs(texts: string[], flag: string): Record<string, unknown> {
  return Object.fromEntries(texts.flatMap((text) => Object.entries(jsonObject(text) ?? pair(text, flag))));
}

function pair(text: string, flag: string): Record<string, string> {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined)
    throw new CommandError(
      EXIT.usage,
      `${flag} takes name=text, and "${text}" has no name before a "="; or a JSON object.`,
    );
  return { [name]: contentOf(value) };
}

function jsonObject(text: string): object | undefined {
  const whole = /^@[^=]+$/.test(text) ? contentOf(text) : text;
  const value = /^\s*\{/.test(whole) ? jsonOrText(whole) : undefined;
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** A JSON list of texts; secrets and names don't begin like one. */
function jsonList(text: string): unknown[] | undefined {
  const value = /^\s*\[/.test(text) ? jsonOrText(text) : undefined;
  return Array.isArray(value) ? value : undefined;
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The text itself, or with `@` the content of a file, so that secrets needn't be in the shell's history. */
function contentOf(text: string): string {
  return text.startsWith('@') ? readText(text.slice(1)).trimEnd() : text;
}

function readFields(file: string): Stored {
  let fields: unknown;
  try {
    fields = parseYaml(readText(file));
  } catch (fault) {
    if (fault instanceof CommandError) throw fault;
    throw new CommandError(EXIT.usage, `${file} is neither JSON nor YAML: ${(fault as Error).message.split('\n')[0]}`);
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { ...fields };
  throw new CommandError(EXIT.usage, `${file} must hold an object with fields.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    throw new CommandError(EXIT.usage, `The file ${file} can't be read (${code}).`);
  }
}

/**
 * Resets fields to their defaults (`headers`), or removes entries of maps (`headers.x-key`).
 * @throws CommandError `usage`
 */
export function unset(
  body: Stored,
  parts: string[],
  { kind, fields }: BodyParts,
  stored: Stored,
  context: CommandContext,
): void {
  for (const part of parts) {
    const [, word = part, item] = /^([^.]+)\.(.+)$/.exec(part) ?? [];
    const field = fields.find(({ name }) => name === word.replaceAll('-', '_'));
    if (!field)
      throw new CommandError(
        EXIT.usage,
        `--unset ${part}: there is no such field. There are: ${fields.map(({ name }) => name).join(', ')}.`,
      );
    if (item !== undefined) {
      const items = { ...((body[field.name] ?? stored[field.name]) as Record<string, unknown>) };
      if (field.form !== 'map' || !(item in items))
        throw new CommandError(EXIT.usage, `--unset ${part}: ${field.name} holds no ${item}.`);
      delete items[item];
      body[field.name] = items;
      continue;
    }
    const empty = emptyValue(context.contract(), kind, field);
    if (empty === undefined)
      throw new CommandError(EXIT.usage, `--unset ${part}: a ${singularOf(kind)} can't be without it.`);
    body[field.name] = empty;
  }
}
