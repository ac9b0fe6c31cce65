import { styleText } from 'node:util';
import { printJson } from './json.ts';
import { type Cell, type Column, layOutTable, type Paint, paintCell } from './table.ts';
import { padded, widthOf } from './width.ts';

/** Where a command writes: results to `out`, what is said about them to `err`. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Results go to a terminal that shows colours. */
  colours: boolean;
  /** `err` is a terminal, on which a line can be written over. */
  rewrites?: boolean;
  /** How wide the terminal is that results go to; absent: they go to a file or another program, and nothing is cut. */
  columns?: number | undefined;
}

export interface Output {
  /** Text goes out as it is: whatever comes from the API passes `visible` or `visibleLine` before. */
  line(text?: string): void;
  /** As it is, without an end of line. */
  text(text: string): void;
  /** For people only, beside the result. */
  note(text: string): void;
  /** Whether `progress` replaces what it said before. */
  rewrites: boolean;
  /** How far something is, beside the result; an empty text leaves nothing behind. */
  progress(text: string): void;
  json(value: unknown, indent?: 2): void;
  paint: Paint;
  painted(cell: Cell): string;
  /** Aligned columns under a heading, as wide as the terminal at most. */
  table(columns: Column[], rows: Cell[][]): void;
  /** Names and values below each other; empty values are left out, lines of one value stand below each other. */
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
