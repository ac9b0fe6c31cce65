import { printJson } from '../terminal/json.ts';
import { visible } from '../terminal/visible.ts';

/** One line as RFC 4180 has it. */
export function csvLine(values: unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** A spreadsheet takes such a text for a formula, and producers may send one. The apostrophe makes it a text. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return quoted(printJson(value));
  return quoted(visible(FORMULA.test(value) ? `'${value}` : value));
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
