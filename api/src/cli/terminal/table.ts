import type { styleText } from 'node:util';
import { cut, widthOf, wrapped } from './width.ts';

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** One cell of a table: one line, with control characters escaped, and an optional colour. */
export type Cell = string | { text: string; style: Style };

export interface Column {
  heading: string;
  /** Down to this width texts may be cut if room is short. Without this and `wrapTo` they stay whole, as ids must. */
  cutTo?: number;
  /** The same for texts that must stay complete: they are wrapped. */
  wrapTo?: number;
  /** A column that may be left out if there is still too little room; the highest number is left out first. */
  optional?: number;
}

const GAP = 2;

/**
 * Formats a table. Empty columns are left out. If the table is wider than `width`, columns are narrowed, the widest first;
 * if that isn't enough, columns are left out. Without a width nothing is cut.
 */
export function layOutTable(columns: Column[], rows: Cell[][], paint: Paint, width = Number.POSITIVE_INFINITY) {
  const kept = fitColumns(columns, rows, width);
  const line = (cells: Cell[]) => cellLines(cells, kept, paint);
  const heading = columns.map(({ heading }): Cell => ({ text: heading, style: 'dim' }));
  return [heading, ...rows].flatMap(line);
}

/** A shown column with its width. */
interface Fitted extends Column {
  index: number;
  least: number;
  width: number;
}

function fitColumns(columns: Column[], rows: Cell[][], width: number): Fitted[] {
  let kept = columns
    .map((column, index) => measure(column, index, rows))
    .filter(({ index }) => rows.some((row) => textOf(row[index]) !== ''));
  const excess = (of: 'least' | 'width') => kept.reduce((sum, column) => sum + column[of] + GAP, -GAP) - width;
  while (excess('least') > 0) {
    const last = Math.max(...kept.map(({ optional = 0 }) => optional));
    if (last === 0) break;
    kept = kept.filter(({ optional = 0 }) => optional !== last);
  }
  for (let left = excess('width'); left > 0; left -= 1) {
    const [widest] = kept.filter((column) => column.width > column.least).sort((a, b) => b.width - a.width);
    if (!widest) break;
    widest.width -= 1;
  }
  return kept;
}

function measure(column: Column, index: number, rows: Cell[][]): Fitted {
  const width = Math.max(widthOf(column.heading), ...rows.map((row) => widthOf(textOf(row[index]))));
  const least = Math.min(width, Math.max(column.cutTo ?? column.wrapTo ?? width, widthOf(column.heading)));
  return { ...column, index, least, width };
}

/** The lines of one row; several if a cell is wrapped. */
function cellLines(cells: Cell[], columns: Fitted[], paint: Paint): string[] {
  const wraps = columns.map(({ index, wrapTo, width }) => {
    const text = textOf(cells[index]);
    return wrapTo === undefined ? [cut(text, width)] : wrapped(text, width);
  });
  const height = Math.max(...wraps.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const parts = columns.map(({ index, width }, place) => {
      const text = wraps[place]?.[at] ?? '';
      return paintAs(cells[index], text, paint) + ' '.repeat(width - widthOf(text) + GAP);
    });
    return parts.join('').trimEnd();
  });
}

export function paintCell(cell: Cell, paint: Paint): string {
  return paintAs(cell, textOf(cell), paint);
}

/** One line of a cell in the cell's colour. */
function paintAs(cell: Cell | undefined, text: string, paint: Paint): string {
  return typeof cell === 'object' && text !== '' ? paint(cell.style, text) : text;
}

const textOf = (cell: Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));
