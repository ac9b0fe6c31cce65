import { styleText } from 'node:util';
import { printJson } from './json.ts';
import { type Cell, type Column, layOutTable, type Paint, paintCell } from './table.ts';
import { padded, widthOf } from './width.ts';

/** Where a command writes: results to `out`, messages to `err`. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether results go to a terminal with colours. */
  colours: boolean;
  /** Whether `err` is a terminal, on which a line can be overwritten. */
  rewrites?: boolean;
  /** Width of the terminal that results go to; absent if they go to a file or program: then nothing is cut. */
  columns?: number | undefined;
}

export interface Output {
  /** Writes text as it is. Pass data from the API through `visible` or `visibleLine` first. */
  line(text?: string): void;
  /** Writes without a line break. */
  text(text: string): void;
  /** Prints a message for people, to `err`. */
  note(text: string): void;
  /** Whether `progress` overwrites its previous line. */
  rewrites: boolean;
  /** Shows progress on `err`; an empty text removes the line. */
  progress(text: string): void;
  json(value: unknown, indent?: 2): void;
  paint: Paint;
  /** How many columns a line has; absent: results go to no terminal. */
  width: number | undefined;
  painted(cell: Cell): string;
  /** Prints aligned columns under headings, at most as wide as the terminal. */
  table(columns: Column[], rows: Cell[][]): void;
  /** Prints names and values, one pair per line; empty values are left out, values of several lines are aligned. */
  fields(pairs: [name: string, value: string][]): void;
  heading(text: string): void;
}

export function createOutput({ out, err, colours, rewrites = false, columns: width }: Terminal): Output {
  const paint: Paint = (style, text) => (colours ? styleText(style, text) : text);
  const line = (text = '') => out(`${text}\n`);

  return {
    line,
    text: out,
    note: (text) => err(`${text}\n`),
    rewrites,
    progress: (text) => err(rewrites ? `\r\u001b[K${text}` : `${text}\n`),
    json: (value, indent) => line(printJson(value, indent)),
    paint,
    width,
    painted: (cell) => paintCell(cell, paint),
    table: (columns, rows) => {
      for (const text of layOutTable(columns, rows, paint, width)) line(text);
    },
    fields: (pairs) => {
      const given = pairs.filter(([, value]) => value !== '');
      const room = Math.max(...given.map(([name]) => widthOf(name)));
      for (const [name, value] of given)
        line(`${paint('dim', padded(name, room))}  ${value.replaceAll('\n', `\n${' '.repeat(room + 2)}`)}`);
    },
    heading: (text) => line(`\n${paint('bold', text)}`),
  };
}
