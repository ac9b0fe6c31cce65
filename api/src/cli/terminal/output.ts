import { styleText } from 'node:util';
import Table from 'cli-table3';
import { printJson } from './json.ts';
import { visibleLine } from './visible.ts';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to `out`, what is said about them to `err`. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Results go to a terminal that shows colours. */
  colours: boolean;
  /** `err` is a terminal, on which a line can be written over. */
  rewrites?: boolean;
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
  paint(style: Style, text: string): string;
  /** Aligned columns under a heading. */
  table(heading: string[], rows: string[][]): void;
  /** Names and values below each other; empty values are left out. */
  fields(pairs: [name: string, value: string][]): void;
  heading(text: string): void;
}

const NO_BORDERS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((place) => [place, '']),
);

export function createOutput({ out, err, colours, rewrites = false }: Terminal): Output {
  const paint = (style: Style, text: string) => (colours ? styleText(style, text) : text);
  const line = (text = '') => out(`${text}\n`);

  function table(heading: string[], rows: string[][]): void {
    const layout = new Table({
      head: heading.map((name) => paint('dim', name)),
      chars: NO_BORDERS,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    });
    layout.push(...rows);
    for (const row of layout.toString().split('\n')) line(row.trimEnd());
  }

  return {
    line,
    text: out,
    note: (text) => err(`${text}\n`),
    rewrites,
    progress: (text) => err(rewrites ? `\r\u001b[K${text}` : `${text}\n`),
    json: (value, indent) => line(printJson(value, indent)),
    paint,
    table,
    fields: (pairs) => {
      const given = pairs.filter(([, value]) => value !== '');
      const width = Math.max(...given.map(([name]) => name.length));
      for (const [name, value] of given) line(`${paint('dim', name.padEnd(width))}  ${value}`);
    },
    heading: (text) => line(`\n${paint('bold', text)}`),
  };
}

/** One line of at most `length` characters, made harmless; empty for what is not there. */
export function shortened(text: string | undefined, length = 60): string {
  const characters = [...visibleLine(text ?? '')];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}
