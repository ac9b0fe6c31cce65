import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many columns of a terminal a text takes: CJK and emoji two, combining marks none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text padded with spaces to that many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** At most that many columns of a line, with an ellipsis for what was cut off. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${beginning(text, width - 1)}…`;
}

/** The lines that a line becomes when each has that many columns at most: broken between words where it can be. */
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

/** As many whole characters as fit, one at least, so that whoever goes on after them ends. */
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
