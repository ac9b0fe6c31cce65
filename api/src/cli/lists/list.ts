import type { ItemOf, ListPath, Page, Query } from '../../../client/client.ts';
import { accountId } from '../api/accounts.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { parseSince } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';
import { columnsOf } from './columns.ts';
import { csvLine } from './csv.ts';
import type { ListFlags, TimeFlags } from './options.ts';
import { hasText, withNames } from './search.ts';

/** Describes one kind of list. */
export interface List<P extends ListPath> {
  path: P;
  query: Query<P>;
  /** The message when the list is empty. */
  nothing: string;
  table(rows: ItemOf<P>[]): void | Promise<void>;
}

/** The API's query parameters for `--from` and `--to`. */
export function timesOf({ from, since, to }: TimeFlags, now: number) {
  const first = from ?? since;
  return {
    from: first === undefined ? undefined : parseSince(first, now),
    to: to === undefined ? undefined : parseSince(to, now),
  };
}

/** Prints a list in the requested format: a table, or JSON, JSON Lines or CSV page by page. */
export async function printList<P extends ListPath>(asked: List<P>, flags: ListFlags, context: CommandContext) {
  const { output } = context;
  const chosen = flags.account === undefined ? {} : { account: await accountId(flags.account, context) };
  const list = { ...asked, query: { ...asked.query, ...chosen } };
  const printer = createPrinter(list, flags, context);
  const found = { rows: 0, next_cursor: null as string | null };
  const pages =
    flags.search === undefined ? allPages(list, flags, context) : search(list, flags.search, flags, context);
  for await (const page of pages) {
    await printer.rows(page.data);
    found.rows += page.data.length;
    found.next_cursor = page.next_cursor;
  }
  await printer.end(found.next_cursor);
  if (context.json) return;
  if (found.rows === 0 && !flags.jsonl && !flags.csv) output.note(list.nothing);
  if (found.next_cursor) output.note(`There are more: add --cursor ${visibleLine(found.next_cursor)}`);
}

function allPages<P extends ListPath>({ path, query }: List<P>, flags: ListFlags, { client }: CommandContext) {
  return client.pages(path, { ...query, cursor: flags.cursor }, limitOf(flags));
}

const limitOf = ({ limit, all }: ListFlags) => (all ? Number.POSITIVE_INFINITY : limit);

/** How many rows a search without `--all` reads at most, so that it ends soon even if few match. */
const SEARCHED_AT_MOST = 10_000;

/** Filters pages to the rows that contain the text. */
async function* search<P extends ListPath>(
  { path, query }: List<P>,
  text: string,
  flags: ListFlags,
  { client, names }: CommandContext,
): AsyncGenerator<Page<ItemOf<P>>> {
  let left = limitOf(flags);
  let begin = flags.cursor;
  for await (const page of client.pages(path, { ...query, cursor: begin }, flags.all ? left : SEARCHED_AT_MOST)) {
    const data: ItemOf<P>[] = [];
    for (const [index, row] of page.data.entries()) {
      if (!hasText(row, text) && !hasText(await withNames(row as object, names), text)) continue;
      data.push(row);
      if (data.length < left) continue;
      // The next search continues after this row, and not at the end of its page.
      yield { data, next_cursor: (await client.list(path, { ...query, cursor: begin }, index + 1)).next_cursor };
      return;
    }
    left -= data.length;
    begin = page.next_cursor ?? undefined;
    yield { data, next_cursor: page.next_cursor };
  }
}

interface Printer<T> {
  rows(rows: T[]): void | Promise<void>;
  end(next_cursor: string | null): void | Promise<void>;
}

function createPrinter<P extends ListPath>(
  { path, table }: List<P>,
  { jsonl, csv }: ListFlags,
  { output, json, names, contract }: CommandContext,
): Printer<ItemOf<P>> {
  if (json && (jsonl || csv)) throw new CommandError(EXIT.usage, 'Choose one of --json, --jsonl and --csv.');
  if (jsonl) return eachRow((row) => output.json(row));
  if (csv) {
    const columns = columnsOf(contract(), path);
    output.text(csvLine(columns));
    return eachRow(async (row) => {
      const named = await withNames(row as object, names);
      output.text(csvLine(columns.map((column) => named[column])));
    });
  }
  const data: ItemOf<P>[] = [];
  return {
    rows: (rows) => {
      data.push(...rows);
    },
    end: async (next_cursor) => {
      if (json) output.json({ data, next_cursor }, 2);
      else if (data.length > 0) await table(data);
    },
  };
}

/** The formats that are printed page by page. */
function eachRow<T>(print: (row: T) => void | Promise<void>): Printer<T> {
  return {
    rows: async (rows) => {
      for (const row of rows) await print(row);
    },
    end: () => {},
  };
}
