import { failure } from './errors.ts';
import { wallAt } from './times.ts';

const MAX_DIGITS = 20;
/** Languages come from expressions and from payloads. */
const MAX_FORMATS = 100;
const formats = new Map<string, Intl.NumberFormat>();

/** `1,234.50`: grouped, with exactly this many decimals, as the language writes it (`de`: `1.234,50`). */
export function formatNumber(value: number | bigint, digits: bigint, language = 'en'): string {
  if (digits < 0n || digits > BigInt(MAX_DIGITS)) throw failure(`the decimals of format() must be 0 to ${MAX_DIGITS}`);
  const key = `${language} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    const decimals = Number(digits);
    try {
      format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    } catch {
      throw failure('there is no such language; names are such as "de" or "en-GB"');
    }
    if (formats.size >= MAX_FORMATS) formats.clear();
    formats.set(key, format);
  }
  return format.format(value);
}

const two = (value: number) => String(value).padStart(2, '0');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July'];
MONTHS.push('August', 'September', 'October', 'November', 'December');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const nameOf = (names: readonly string[], index: number) => names[index] ?? '';

/** Conversions of strftime (POSIX), in English. `wall` holds what the clock on the wall shows, as if it were UTC's. */
const CONVERSIONS: Record<string, (wall: Date, offset: number) => string> = {
  Y: (wall) => String(wall.getUTCFullYear()).padStart(4, '0'),
  y: (wall) => two(wall.getUTCFullYear() % 100),
  m: (wall) => two(wall.getUTCMonth() + 1),
  d: (wall) => two(wall.getUTCDate()),
  e: (wall) => String(wall.getUTCDate()),
  H: (wall) => two(wall.getUTCHours()),
  I: (wall) => two(wall.getUTCHours() % 12 || 12),
  p: (wall) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  M: (wall) => two(wall.getUTCMinutes()),
  S: (wall) => two(wall.getUTCSeconds()),
  L: (wall) => String(wall.getUTCMilliseconds()).padStart(3, '0'),
  B: (wall) => nameOf(MONTHS, wall.getUTCMonth()),
  b: (wall) => nameOf(MONTHS, wall.getUTCMonth()).slice(0, 3),
  A: (wall) => nameOf(DAYS, wall.getUTCDay()),
  a: (wall) => nameOf(DAYS, wall.getUTCDay()).slice(0, 3),
  F: (wall) => wall.toISOString().slice(0, 10),
  T: (wall) => wall.toISOString().slice(11, 19),
  z: (_wall, offset) => {
    const minutes = Math.abs(Math.round(offset / 60_000));
    return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
  },
  '%': () => '%',
};

/** `%Y-%m-%d %H:%M` → `2026-01-31 13:00` */
export function formatTime(time: Date, pattern: string, zone = 'UTC'): string {
  const { wall, offset } = wallAt(time, zone);
  return pattern.replace(/%(.?)/gs, (all, conversion: string) => {
    const convert = Object.hasOwn(CONVERSIONS, conversion) ? CONVERSIONS[conversion] : undefined;
    if (!convert)
      throw failure(
        `format() knows no ${all}; there are ${Object.keys(CONVERSIONS)
          .map((one) => `%${one}`)
          .join(' ')}`,
      );
    return convert(wall, offset);
  });
}
