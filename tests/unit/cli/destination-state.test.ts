import { destinationState, whyItWaits } from '../../../api/src/cli/records/destination-state.ts';
import { destinationUrl } from '../../../api/src/cli/records/show.ts';
import { json, runCli, startAnswerer } from './support.ts';

/** Local, as what is printed. */
const at = (text: string) => new Date(`2026-11-23T${text}`);
const iso = (text: string) => at(text).toISOString();
const NOW = at('12:02:00').getTime();

const closed = { state: 'closed', failures: 0, failing_since: null, next_probe_at: null } as const;
const well = { enabled: true, disabled_reason: '', paused: false, health: closed };
const troubled = { ...closed, failures: 3, failing_since: iso('12:01:00') };
const open = { ...troubled, state: 'open', next_probe_at: iso('12:05:00') } as const;
const probing = { ...open, state: 'half_open' } as const;

describe('the state of a destination', () => {
  it.each([
    ['ok', well],
    ['ok', { ...well, health: undefined }],
    ['failing since 12:01', { ...well, health: troubled }],
    ['failing since 12:01, next probe 12:05', { ...well, health: open }],
    ['failing since 12:01, probe due now', { ...well, health: { ...open, next_probe_at: iso('12:02:00') } }],
    ['failing since 12:01, probe under way', { ...well, health: probing }],
    [
      'failing since 2026-11-20 09:30',
      { ...well, health: { ...troubled, failing_since: new Date('2026-11-20T09:30:00').toISOString() } },
    ],
    ['paused', { ...well, paused: true, health: open }],
    ['disabled', { ...well, enabled: false, paused: true }],
    ['disabled: It said \\u001b410.', { ...well, enabled: false, disabled_reason: 'It said\n\u001b410.' }],
    ["can't be read", { ...well, enabled: false, unreadable: 'Write the secret anew.' }],
  ])('%s', (text, { health, ...destination }) => {
    expect(destinationState({ ...destination, ...(health && { health }) }, NOW).text).toBe(text);
  });
});

describe('why a delivery waits', () => {
  const pending = (time: string) => ({ state: 'pending', destination: 'd', next_attempt_at: iso(time) }) as const;
  const held = { state: 'held', destination: 'd', next_attempt_at: null } as const;
  it.each([
    ['due now', pending('12:02:00'), well],
    ['due now', pending('12:02:00.500'), well],
    ['next try in 3m', pending('12:05:00'), { ...well, health: troubled }],
    ['breaker open, next probe 12:05', pending('12:01:00'), { ...well, health: open }],
    ['breaker open, next probe 12:05', pending('12:04:00'), { ...well, health: open }],
    ['next try in 2h', pending('14:30:00'), { ...well, health: open }],
    ['breaker open, probe under way', pending('12:01:00'), { ...well, health: probing }],
    ['paused', held, { ...well, paused: true }],
    ['disabled: Gone.', held, { ...well, enabled: false, disabled_reason: 'Gone.' }],
    ["can't be read", held, { ...well, unreadable: 'Write the secret anew.' }],
    ['', held, well],
    ['due now', pending('12:01:00'), undefined],
    ['', { ...held, state: 'delivered' } as const, { ...well, paused: true }],
  ])('%j', (text, delivery, destination) => {
    expect(whyItWaits(delivery, destination, NOW)).toBe(text);
  });
});

describe('on the command line', () => {
  const destination = (id: string, fields: object) => ({
    ...well,
    id,
    name: `name ${id}`,
    type: 'http',
    url: 'https://a',
    ...fields,
  });
  const destinations = [
    destination('d1', {}),
    destination('d2', { health: open }),
    destination('d3', { paused: true, health: open }),
    destination('d4', { health: troubled }),
  ];
  const deliveries = ['d1', 'd2', 'd3', 'd2', 'd3'].map((id, index) => ({
    id: `v${index}`,
    event: 'e',
    created: iso('12:00:00'),
    destination: id,
    state: id === 'd3' ? 'held' : 'pending',
    attempts_made: 0,
    next_attempt_at: iso('12:01:00'),
    last_status: 0,
    last_error: '',
  }));
  const start = () =>
    startAnswerer(({ url = '' }, response) => {
      if (url === '/readyz') return json(response, 200, { checks: { store: 'ok' } });
      const [, kind, id] = /^\/api\/v1\/(\w+)(?:\/(\w+))?/.exec(url) ?? [];
      if (id)
        return json(
          response,
          200,
          destinations.find((one) => one.id === id),
        );
      const data = kind === 'destinations' ? destinations : kind === 'deliveries' ? deliveries : [];
      json(response, 200, { data, next_cursor: null });
    });
  const linesOf = ({ out }: { out: string }) => out.trimEnd().split('\n');

  it('`destinations ls` tells at a glance, with one request', async () => {
    const api = await start();
    const lines = linesOf(await runCli(['destinations', 'ls', '--url', api.url], { now: NOW }));
    expect(lines.map((line) => line.split(/ {2,}/).at(-3))).toEqual([
      'STATE',
      'ok',
      'failing since 12:01, next probe 12:05',
      'paused',
      'failing since 12:01',
    ]);
    expect(api.requests).toEqual(['GET /api/v1/destinations?limit=100']);
    await api.close();
  });

  it('`deliveries ls` says why each waits, with one request more', async () => {
    const api = await start();
    const lines = linesOf(await runCli(['deliveries', 'ls', '--url', api.url], { now: NOW }));
    const breaker = 'breaker open, next probe 12:05';
    expect(lines.map((line) => line.split(/ {2,}/).at(-3))).toEqual([
      'WAITS',
      ...['due now', breaker, 'paused', breaker, 'paused'],
    ]);
    expect(api.requests.filter((one) => one.startsWith('GET /api/v1/destinations?'))).toHaveLength(1);
    await api.close();
  });

  it('`deliveries ls` asks for no destinations when nothing waits', async () => {
    const api = await startAnswerer(({ url = '' }, response) =>
      json(
        response,
        200,
        url.includes('/deliveries')
          ? { data: deliveries.slice(0, 1).map((one) => ({ ...one, state: 'delivered' })), next_cursor: null }
          : destinations[0],
      ),
    );
    await runCli(['deliveries', 'ls', '--url', api.url], { now: NOW });
    expect(api.requests).toEqual(['GET /api/v1/deliveries?limit=20', 'GET /api/v1/names?ids=d1']);
    await api.close();
  });

  it('`destinations show` says it first', async () => {
    const api = await start();
    const lines = linesOf(await runCli(['destinations', 'show', 'd2', '--url', api.url], { now: NOW }));
    expect(lines[2]).toMatch(/^state +failing since 12:01, next probe 12:05$/);
    expect(lines.join('\n')).not.toContain('half_open');
    await api.close();
  });

  it('`doctor` finds those that fail, and names the command to look closer', async () => {
    const api = await start();
    const run = await runCli(['doctor', '--url', api.url], { now: NOW });
    expect(run.exitCode).toBe(1);
    expect(run.out).toContain(
      `✗ sending: name d2 (failing since 12:01, next probe 12:05), name d4 (failing since 12:01)
  What waits is kept. See why: pockethook deliveries ls --destination d2, and the others: pockethook destinations ls\n`,
    );
    destinations.splice(0, 4, destination('d1', {}));
    expect((await runCli(['doctor', '--url', api.url], { now: NOW })).out).toContain(
      '✓ sending: no destination is failing',
    );
    await api.close();
  });
});

describe('the URL of a destination', () => {
  it.each([
    ['discord', '', undefined, 'no URL yet'],
    ['inbox', '', undefined, ''],
    ['http', '', 'Its secrets can not be opened.', ''],
    ['http', 'https://example.com/', undefined, 'https://example.com/'],
  ] as const)('%s with %j (%s): %j', (type, url, unreadable, text) => {
    expect(destinationUrl({ type, url, ...(unreadable && { unreadable }) })).toBe(text);
  });
});
