import { printJson } from '../terminal/json.ts';
import { visible } from '../terminal/visible.ts';

/** Formats one line of CSV (RFC 4180). */
export function csvLine(values: unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** Spreadsheets would run such a text, which producers may send, as a formula. An apostrophe in front makes it a text. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return quoted(printJson(value));
  return quoted(visible(FORMULA.test(value) ? `'${value}` : value));
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
