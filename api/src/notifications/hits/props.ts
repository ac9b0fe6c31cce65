import { parseSmallJson } from './small-json.ts';

const PROPS_AT_MOST = 30;
const KEY_BYTES = 300;
const VALUE_BYTES = 2_000;

/**
 * Custom properties: an object, or JSON of one. Lists, maps and blanks are left out, of the rest the first 30 are taken, as
 * texts; what is no object has none. A text says what is wrong.
 */
export function readProps(given: unknown): Record<string, string> | string {
  const value = typeof given === 'string' ? parseSmallJson(given) : given;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const props = Object.entries(value).filter(isProp).slice(0, PROPS_AT_MOST);
  const texts = props.map(([key, prop]): [string, string] => [key, String(prop)]);
  const tooLong = texts.some(
    ([key, text]) => Buffer.byteLength(key) > KEY_BYTES || Buffer.byteLength(text) > VALUE_BYTES,
  );
  if (tooLong) return `keys should have at most ${KEY_BYTES} bytes and values ${VALUE_BYTES} bytes`;
  return Object.fromEntries(texts);
}

function isProp([, value]: [string, unknown]): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return ['number', 'boolean', 'bigint'].includes(typeof value);
}
