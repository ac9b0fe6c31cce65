import { stringifyJson } from '../expressions/json.ts';
import { cut } from './text.ts';

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it is, nothing as an empty one, anything else as JSON. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** Makes a field a text within its limit, where there is one. */
export function cutField(owner: Fields, key: string, max: number): void {
  const value = owner[key];
  if (value !== undefined && value !== null) owner[key] = cut(asText(value), max);
}

/** The object that an answer's body holds; an empty one when it holds none. */
export function parseObject(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** A copy of plain JSON in which each text went through `change`; names of fields stay. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isObject(value) || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]));
}
