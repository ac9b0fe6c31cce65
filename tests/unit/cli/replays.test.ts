import { type Answerer, answeredNames, json, problem, type RunOptions, runCli, startAnswerer } from './support.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

let api: Answerer;
let bodies: unknown[];
afterEach(() => api?.close());

const job = (fields: object) => ({
  id: 'mc2x8k1tz7b3c9d',
  state: 'running',
  actor: 'operator:a@example.com',
  mode: 'original',
  events_total: 40,
  events_seen: 0,
  deliveries: 0,
  failed: 0,
  error: '',
  ...fields,
});

/** Answers one after the other to `/replays…`; the last one again and again. */
async function answering(...answers: object[]) {
  bodies = [];
  api = await startAnswerer(async (request, response) => {
    if (answeredNames(request, response, { d: 'billing' })) return;
    if (request.url?.startsWith('/api/v1/sources')) {
      return json(response, 200, { data: [{ id: 'src000000000001', name: 'github' }], next_cursor: null });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method === 'POST') bodies.push(JSON.parse(Buffer.concat(chunks).toString() || 'null'));
    json(response, 200, answers.length > 1 ? answers.shift() : answers[0]);
  });
}

const cli = (args: string[], options: RunOptions = {}) => runCli([...args, '--url', api.url], { now: NOW, ...options });

describe('replay of many events', () => {
  it('asks for what the flags say, and follows it to the end', async () => {
    await answering(
      job({ state: 'pending' }),
      job({ events_seen: 1 }),
      job({ events_seen: 20, deliveries: 19 }),
      job({ state: 'completed', events_seen: 40, deliveries: 38, failed: 2 }),
    );
    const flags = ['--mode', 'current', '--status', 'dead', '--only-missing', '--rate', '7', '--to', '1h'];
    const run = await cli(['replay', '--source', 'github', '--from', '3h', ...flags]);
    expect(bodies).toEqual([
      {
        mode: 'current',
        from: '2026-11-23T09:00:00.000Z',
        to: '2026-11-23T11:00:00.000Z',
        source: 'src000000000001',
        status: 'dead',
        only_missing: true,
        rate: 7,
      },
    ]);
    expect(run).toEqual({
      exitCode: 0,
      out: 'completed: 38 deliveries made, 2 could not be made\n',
      err: '0 of 40 events, 0 deliveries made\n20 of 40 events, 19 deliveries made\n',
    });
  });

  it('draws a bar where a line can be written over, and takes it away at the end', async () => {
    await answering(job({}), job({ events_seen: 20 }), job({ state: 'completed', events_seen: 40, deliveries: 40 }));
    const run = await cli(['replay', '--from', '3h'], { rewrites: true });
    const half = `[${'#'.repeat(15)}${'-'.repeat(15)}] 20 of 40 events`;
    expect(run.err).toBe(`\r\u001b[K[${'-'.repeat(30)}] 0 of 40 events\r\u001b[K${half}\r\u001b[K`);
    expect(run.out).toBe('completed: 40 deliveries made\n');
  });

  it('Ctrl-C leaves it running, and says how to cancel', async () => {
    const interrupt = new AbortController();
    await answering(job({}), job({ events_seen: 5 }));
    const onPrint = () => interrupt.abort();
    const run = await cli(['replay', '--from', '3h'], { signal: interrupt.signal, onPrint });
    expect(run).toMatchObject({ exitCode: 0, out: '' });
    expect(run.err).toContain('pockethook replays cancel mc2x8k1tz7b3c9d');
    expect(api.requests.some((request) => request.includes('/cancel'))).toBe(false);
  });

  it.each([
    [job({ state: 'failed', error: 'It ended\u001b[31m.' }), 'It ended\\u001b[31m.'],
    [job({ state: 'cancelled' }), 'was cancelled'],
  ])('fails when it does', async (ended, text) => {
    await answering(job({}), ended);
    const run = await cli(['replay', '--from', '3h']);
    expect(run.exitCode).toBe(1);
    expect(run.err).toContain(text);
  });

  it('prints JSON and nothing else for programs', async () => {
    await answering(job({}), job({ state: 'completed' }));
    const run = await cli(['replay', '--from', '3h', '--json']);
    expect([JSON.parse(run.out).state, run.err]).toEqual(['completed', '']);
  });

  it('says what a dry run found', async () => {
    const sample = [{ event: 'evt000000000001', mapping: 'm', destination: 'd' }];
    await answering({ events: 5_000, deliveries: 1_200, failed: 3, exact: false, sample, skipped: [] });
    const run = await cli(['replay', '--from', '3h', '--dry-run']);
    expect(bodies).toEqual([expect.objectContaining({ dry_run: true })]);
    expect(run.out.split('\n')).toEqual([
      '5000 events, about 1200 deliveries would be made.',
      'about 3 could not be made: an expression fails on the event.',
      '  evt000000000001 → billing',
      '  …',
      '',
    ]);
  });
});

describe('replays', () => {
  const shown = job({ from: 'F', to: 'T', source: '', destination: '', status: '', rate: 5, finished_at: null });

  it('are listed, shown and cancelled', async () => {
    const row = { ...shown, created: '2026-11-23T11:00:00.000Z', events_seen: 10, deliveries: 9 };
    await answering({ data: [row], next_cursor: null });
    expect((await cli(['replays', 'ls'])).out).toMatch(
      /1h ago +running +original +10\/40 +9 +0 +operator\S* +mc2x8k1tz7b3c9d$/m,
    );
    await api.close();
    await answering({ ...row, state: 'cancelled' });
    const { out } = await cli(['replays', 'show', row.id]);
    expect(out).toContain('10 of 40 events');
    expect(out).toContain('5 a second');
    expect(out).not.toContain('Destination');
    expect((await cli(['replays', 'cancel', row.id])).out).toContain('is cancelled: 9 deliveries made');
    expect(api.requests.at(-1)).toBe(`POST /api/v1/replays/${row.id}/cancel`);
  });

  it('that have ended are not cancelled', async () => {
    api = await startAnswerer((_request, response) => problem(response, 409, 'conflict', 'The replay is completed.'));
    expect(await cli(['replays', 'cancel', 'x'])).toMatchObject({ exitCode: 1, out: '' });
  });
});
