import { shareRows } from '../../../api/console/src/app/share-rows.ts';

const row = (id: string, state: string) => ({ id, state });

test('rows that are the same stay the same ones, wherever they move to', () => {
  const [a, b] = [row('a', 'pending'), row('b', 'pending')];
  const before = { pages: [{ data: [a, b], next_cursor: null }], pageParams: [undefined] };
  const after = {
    pages: [{ data: [row('c', 'pending'), row('a', 'pending'), row('b', 'delivered')], next_cursor: 'x' }],
    pageParams: [undefined],
  };
  const shared = shareRows(before, after) as typeof after;
  expect(shared).toEqual(after);
  expect(shared.pages[0]?.data[1]).toBe(a);
  expect(shared.pages[0]?.data[2]).not.toBe(b);
});

test('when nothing is another it is what was there before, so that nobody draws it anew without end', () => {
  const list = () => ({ pages: [{ data: [row('a', 'pending')], next_cursor: 'x' }], pageParams: [undefined] });
  const before = list();
  expect(shareRows(before, list())).toBe(before);
  const ended = { ...list(), pages: [{ data: [row('a', 'pending')], next_cursor: null }] };
  expect(shareRows(before, ended)).toEqual(ended);
});

test('nothing was there before', () => {
  const after = { pages: [] };
  expect(shareRows(undefined, after)).toBe(after);
});
