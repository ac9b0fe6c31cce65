import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The width of a text in terminal columns: CJK and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Pads a text with spaces to that many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts a line to that many columns, with an ellipsis. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${beginning(text, width - 1)}…`;
}

/** Wraps a line to that many columns, between words where possible. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(`${line} ${word}`) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (widthOf(line) > width) {
      const piece = beginning(line, width);
      lines.push(piece);
      line = line.slice(piece.length);
    }
  }
  return [...lines, line];
}

/** The whole characters that fit, but at least one, so that wrapping always makes progress. */
function beginning(text: string, width: number): string {
  let end = 0;
  let taken = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    taken += widthOf(segment);
    if (taken > width && index > 0) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
