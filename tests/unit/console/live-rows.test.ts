import { mergeRows, type Row } from '../../../api/console/src/app/live-rows.ts';

type Named = Row & { name: string };

const row = (seq: number, name = 'old'): Named => ({ id: `r${seq}`, seq, name });
const page = (rows: Row[], next_cursor: string | null = null) => ({ data: rows, next_cursor });
const shown = (pages: readonly { data: Row[] }[]) =>
  pages.flatMap(({ data }) => data.map((each) => `${each.id} ${(each as Named).name}`));

const LIST = [page([row(9), row(8)], 'more'), page([row(7), row(6)], 'more')];

test('new rows slide in at the top, newest first, the last version of each once', () => {
  const { pages, kept } = mergeRows(LIST, [{ row: row(10, 'a') }, { row: row(11, 'b') }, { row: row(10, 'c') }], true);
  expect(shown(pages)).toEqual(['r11 b', 'r10 c', 'r9 old', 'r8 old', 'r7 old', 'r6 old']);
  expect(kept).toEqual([]);
});

test('new rows wait where they may not slide in, while those that are shown change', () => {
  const { pages, kept } = mergeRows(LIST, [{ row: row(10) }, { row: row(7, 'new') }], false);
  expect(shown(pages)).toEqual(['r9 old', 'r8 old', 'r7 new', 'r6 old']);
  expect(kept).toEqual([row(10)]);
});

test('what fits the filters no more goes', () => {
  expect(shown(mergeRows(LIST, [{ gone: 'r8' }, { gone: 'r1' }], true).pages)).toEqual(['r9 old', 'r7 old', 'r6 old']);
});

test('a change of a row that was not read yet puts it nowhere', () => {
  const { pages, kept } = mergeRows(LIST, [{ row: row(5, 'new') }], true);
  expect(pages).toBe(LIST);
  expect(kept).toEqual([]);
});

test('a row that comes to fit the filters takes its place', () => {
  const { pages } = mergeRows([page([row(9), row(7)])], [{ row: row(8, 'late') }], true);
  expect(shown(pages)).toEqual(['r9 old', 'r8 late', 'r7 old']);
});

test('a long tail does not grow for ever', () => {
  const many = Array.from({ length: 2_000 }, (_, seq) => ({ row: row(100 + seq) }));
  const { pages } = mergeRows([page([row(9)], 'more')], many, true);
  expect(pages[0]?.data.length).toBe(300);
  expect(pages[0]?.data[0]?.seq).toBe(2_099);
});
