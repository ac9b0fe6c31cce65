import { csvLine } from '../../../api/src/cli/lists/csv.ts';
import { hasText } from '../../../api/src/cli/lists/search.ts';
import { parseJson } from '../../../api/src/cli/terminal/json.ts';
import { type Answerer, json, runCli, startAnswerer } from './support.ts';

let api: Answerer;
afterEach(() => api?.close());

/** Sources `s0`, `s1`, … whose cursor is the place of the next; every third is called red. */
async function answerSources(count: number): Promise<void> {
  api = await startAnswerer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://a');
    const from = Number(searchParams.get('cursor') ?? 0);
    const to = Math.min(from + Number(searchParams.get('limit')), count);
    const data = Array.from({ length: to - from }, (_, n) => ({
      id: `s${from + n}`,
      name: (from + n) % 3 === 0 ? `Red-${from + n}` : `blue-${from + n}`,
      enabled: true,
    }));
    json(response, 200, { data, next_cursor: to < count ? String(to) : null });
  });
}

const cli = (...args: string[]) => runCli([...args, '--url', api.url]);

describe('a list', () => {
  it('prints every page as JSON lines', async () => {
    await answerSources(450);
    const { exitCode, out, err } = await cli('sources', 'ls', '--all', '--jsonl');
    const lines = out.trimEnd().split('\n');
    expect({ exitCode, err, lines: lines.length }).toEqual({ exitCode: 0, err: '', lines: 450 });
    expect(JSON.parse(lines[449] as string)).toMatchObject({ id: 's449' });
  });

  it('searches fields, whatever their case, and goes on behind the last that fits', async () => {
    await answerSources(450);
    const first = await cli('sources', 'ls', '--search', 'RED', '--limit', '100', '--json');
    const { data, next_cursor } = JSON.parse(first.out);
    expect([data.length, data[99].id, next_cursor]).toEqual([100, 's297', '298']);
    const rest = await cli('sources', 'ls', '--search', 'RED', '--cursor', next_cursor, '--jsonl');
    expect(rest.out.match(/"id":"s\d+"/g)).toHaveLength(50);
    expect(rest.err).toBe('');
  });

  it('ends a search after 10,000, and says so', async () => {
    await answerSources(10_500);
    const run = await cli('sources', 'ls', '--search', 'blue-10499');
    expect(run).toEqual({
      exitCode: 0,
      out: '',
      err: 'There are no such sources.\nThere are more: add --cursor 10000\n',
    });
    expect((await cli('sources', 'ls', '--search', 'blue-10499', '--all')).out).toContain('blue-10499');
  });

  it('has all fields of the contract as CSV', async () => {
    await answerSources(1);
    const { out } = await cli('sources', 'ls', '--csv');
    expect(out).toMatch(/^id,name,enabled,preset,verification,.*,account,.*\r\ns0,Red-0,true,(.*)\r\n$/);
  });

  it.each([
    [['--json', '--csv'], 'Choose one of --json, --jsonl and --csv.'],
    [['--jsonl', '--csv'], "option '--jsonl' cannot be used with option '--csv'"],
    [['--all', '--limit', '3'], "option '--all' cannot be used with option '--limit <n>'"],
  ])('%j is refused', async (flags, message) => {
    await answerSources(1);
    const run = await cli('sources', 'ls', ...flags);
    expect(run).toMatchObject({ exitCode: 2, out: '' });
    expect(run.err).toContain(message);
  });
});

describe('CSV', () => {
  it.each<[unknown[], string]>([
    [['a', 1, true, null, undefined], 'a,1,true,,\r\n'],
    [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
    [[['a'], { b: 'c' }], '"[""a""]","{""b"":""c""}"\r\n'],
    [[parseJson('9007199254740993')], '9007199254740993\r\n'],
  ])('%j', (values, line) => expect(csvLine(values)).toBe(line));

  it.each(['=1+1', '+1', '-1', '@a', '\tx'])('a spreadsheet takes %j for a text', (text) =>
    expect(csvLine([text])).toBe(`'${text}\r\n`),
  );
  it('lets no terminal act on it', () => expect(csvLine(['\u001b[2J', '\r=1'])).toBe("\\u001b[2J,'\\u000d=1\r\n"));
});

describe('a search', () => {
  it.each<[unknown, boolean]>([
    [{ a: [{ b: 'the Needle' }] }, true],
    [{ needle: 'only the name of a field' }, false],
    [{ a: null, b: 12 }, false],
  ])('%j: %s', (row, found) => expect(hasText(row, 'NEEDLE')).toBe(found));
  it('finds numbers', () => expect(hasText({ n: parseJson('9007199254740993') }, '0993')).toBe(true));
});
