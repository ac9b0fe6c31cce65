import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answeredNames, json, problem, runCli } from './support.ts';

const RECEIVED = '2026-01-31T12:00:00.000Z';

function event(seq: number, decisions: unknown[] = []) {
  return {
    id: `event${seq}`,
    source: 's',
    trigger: '',
    type: 'push',
    decisions,
    duplicates: 0,
    received_at: RECEIVED,
    seq,
  };
}

function delivery(state: string, attempts_made: number, last_error = '') {
  const rest = { last_status: 0, next_attempt_at: null, replay: '' };
  return { id: 'd1', event: 'event2', destination: 'x', state, attempts_made, last_error, ...rest };
}

/** What the API holds at the moment; tests change it while the tail runs. */
const held = { events: [event(1)], deliveries: [] as unknown[], down: false };
let server: Server;
let url: string;
let calls: string[];

beforeEach(async () => {
  Object.assign(held, { events: [event(1)], deliveries: [], down: false });
  calls = [];
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://a');
    calls.push(pathname);
    if (held.down) return request.socket.destroy();
    const after = searchParams.get('after_seq');
    if (pathname === '/api/v1/events')
      return json(response, 200, {
        data: after === null ? held.events.slice(-1) : held.events.filter(({ seq }) => seq > Number(after)),
        next_cursor: null,
      });
    if (pathname === '/api/v1/deliveries') return json(response, 200, { data: held.deliveries, next_cursor: null });
    if (answeredNames(request, response, { s: 'generic', x: 'hook' })) return;
    problem(response, 404, 'not_found', 'No.');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Follows while each text appears in turn and its step is done, then interrupts. */
async function tailThrough(args: string[], steps: [text: string, then: () => void][]) {
  const interruption = new AbortController();
  const waiting = [...steps];
  let printed = '';
  const running = runCli(['events', 'tail', '--url', url, ...args], {
    signal: interruption.signal,
    onPrint: (text) => {
      printed += text;
      while (waiting[0] && printed.includes(waiting[0][0])) waiting.shift()?.[1]();
      if (waiting.length === 0) interruption.abort();
    },
  });
  return await running;
}

it('shows past events, new ones, and what comes of their deliveries, each once', async () => {
  const filtered = { mapping: 'm', destination: 'x', outcome: 'filtered', clause: 'body.n > 1' };
  const run = await tailThrough(
    [],
    [
      ['Waiting for events', () => held.events.push(event(2, [filtered]))],
      [
        'by body.n > 1',
        () => {
          held.deliveries = [delivery('pending', 1, 'It answered 500.')];
        },
      ],
      [
        'It answered 500.',
        () => {
          held.deliveries = [delivery('delivered', 2)];
        },
      ],
      ['delivered', () => held.events.push(event(3))],
      ['event3', () => {}],
    ],
  );
  expect(run.exitCode).toBe(0);
  const lines = run.out.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/^[\d:]{8} {2}/, ''))).toEqual([
    'event1  generic  push  no mapping',
    'event2  generic  push  1 filtered out',
    'event2  → hook  filtered out by body.n > 1',
    'event2  → hook  pending  It answered 500.',
    'event2  → hook  delivered',
    'event3  generic  push  no mapping',
  ]);
});

it('waits for an API that went away and misses nothing', async () => {
  const run = await tailThrough(
    ['--limit', '0'],
    [
      [
        'Waiting for events',
        () => {
          held.down = true;
        },
      ],
      [
        'does not answer',
        () => {
          held.events.push(event(2), event(3));
          held.down = false;
        },
      ],
      ['event3', () => {}],
    ],
  );
  expect(run.exitCode).toBe(0);
  expect(run.out).not.toContain('event1');
  expect(run.out.match(/event2|event3/g)).toEqual(['event2', 'event3']);
  expect(run.err.match(/does not answer/g)).toHaveLength(1);
});

it('ends at once when nothing answers from the start', async () => {
  held.down = true;
  expect(await runCli(['events', 'tail', '--url', url])).toMatchObject({ exitCode: 69, out: '' });
});

it('--json prints one line for each event, and asks for no deliveries', async () => {
  const run = await tailThrough(
    ['--json'],
    [
      ['event1', () => held.events.push(event(2))],
      ['event2', () => {}],
    ],
  );
  expect(
    run.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2]);
  expect(run.err).toBe('');
  expect(calls).not.toContain('/api/v1/deliveries');
});
