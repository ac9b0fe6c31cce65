import { type Cell, type Column, layOutTable } from '../../../api/src/cli/terminal/table.ts';
import { widthOf } from '../../../api/src/cli/terminal/width.ts';

const ID = 'mc2x8k1qpl0aa4z';
const COLUMNS: Column[] = [
  { heading: 'NAME', cutTo: 10 },
  { heading: 'STATE' },
  { heading: 'TRIES', optional: 2 },
  { heading: 'NOTE', cutTo: 8 },
  { heading: 'EVENT', optional: 1 },
  { heading: 'ID' },
];
const ROW: Cell[] = ['a name that is long', 'dead', '3', 'what went wrong the last time', ID, ID];
const plain = (_style: unknown, text: string) => text;

describe('a table', () => {
  const at = (width?: number, rows: Cell[][] = [ROW]) => layOutTable(COLUMNS, rows, plain, width);

  it('is whole where nothing limits it', () =>
    expect(at()).toEqual([
      'NAME                 STATE  TRIES  NOTE                           EVENT            ID',
      `a name that is long  dead   3      what went wrong the last time  ${ID}  ${ID}`,
    ]));

  it('cuts what may be cut, the widest first', () => {
    expect(at(90)[1]).toBe(`a name that is long  dead   3      what went wrong the …  ${ID}  ${ID}`);
  });

  it('then leaves out columns in their order', () => {
    expect(at(65)[0]).toBe('NAME         STATE  NOTE         EVENT            ID');
    expect(at(50)[0]).toMatch(/^NAME +STATE +NOTE +ID$/);
  });

  it('keeps ids whole, however narrow it is', () => expect(at(20)[1]).toBe(`a name th…  dead   what we…  ${ID}`));

  it.each([50, 65, 80, 90, 100, 120])('is at most %d wide', (width) => {
    for (const line of at(width, [ROW, ['世界'.repeat(20), 'held', '1', '🎉'.repeat(30), ID, ID]]))
      expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it('keeps columns below each other whatever the characters', () => {
    const lines = layOutTable(
      [{ heading: 'A' }, { heading: 'B' }],
      [
        ['世界', 'x'],
        ['👨‍👩‍👧é', 'x'],
        ['abcd', 'x'],
      ],
      plain,
    );
    expect(new Set(lines.map((line) => widthOf(line.slice(0, -1)))).size).toBe(1);
  });

  it('leaves out a column with nothing in it', () =>
    expect(layOutTable([{ heading: 'A' }, { heading: 'B' }, { heading: 'C' }], [['1', '', '3']], plain)).toEqual([
      'A  C',
      '1  3',
    ]));

  it('goes on below where texts are read to their end', () =>
    expect(
      layOutTable([{ heading: 'A' }, { heading: 'DETAIL', wrapTo: 10 }], [['1', 'sign it with the secret']], plain, 14),
    ).toEqual(['A  DETAIL', '1  sign it', '   with the', '   secret']));

  it('paints what it shows of a cell, and no room beside it', () => {
    const rows: Cell[][] = [
      [
        { text: 'ok', style: 'green' },
        { text: '', style: 'red' },
      ],
      ['no', 'x'],
    ];
    const paint = (style: unknown, text: string) => `<${style}>${text}</>`;
    expect(layOutTable([{ heading: 'A' }, { heading: 'B' }], rows, paint)).toEqual([
      '<dim>A</>   <dim>B</>',
      '<green>ok</>',
      'no  x',
    ]);
  });
});
