import { json, runCli, startAnswerer } from './support.ts';

const NOW = new Date(2026, 10, 27, 12, 0).getTime();
const SLOT = 300_000;
const SITE = { id: 'mc2x8k1qpl0aa4z', name: 'example.com', domain: 'example.com' };

/** What the API says of two hours; the visitors of each 5 minutes. */
function answerer(values: (number | null)[], usual: number | null = null) {
  const points = values.map((visitors, i) => ({
    at: new Date(NOW - (values.length - 1 - i) * SLOT).toISOString(),
    ...{ visitors, least: visitors, usual },
  }));
  return startAnswerer(({ url = '' }, response) => {
    if (url.includes('/visitors'))
      return json(response, 200, { site: SITE.id, from: '', to: '', window: '5m', step_s: 300, points });
    if (url.startsWith('/api/v1/names'))
      return json(response, 200, { data: [{ kind: 'site', id: SITE.id, name: SITE.name, deleted_at: null }] });
    json(response, 200, { data: [SITE], next_cursor: null });
  });
}

test('visitors are drawn as bars of one scale with what is usual', async () => {
  const api = await answerer([0, 2, null, 8, 4], 4);
  const shown = await runCli(['sites', 'visitors', 'example.com', '--url', api.url, '--from', '2h'], { now: NOW });
  await api.close();
  expect(shown.exitCode).toBe(0);
  expect(shown.out.split('\n')).toEqual([
    'example.com: visitors in 5m',
    'visitors  ▁▃ █▅',
    'usual     ▅▅▅▅▅',
    '          11:40 12:00',
    'most 8 at 11:55, last 4, 4 usual',
    '',
  ]);
  const query = new URL(api.requests.find((line) => line.includes('/visitors'))?.slice(4) ?? '', api.url).searchParams;
  expect([query.get('from'), query.get('window')]).toEqual([new Date(NOW - 2 * 3_600_000).toISOString(), '5m']);
});

test('they fit into a narrow terminal, and say so when nothing was counted', async () => {
  const api = await answerer(Array.from({ length: 200 }, (_, i) => (i === 117 ? 90 : 1)));
  const args = ['sites', 'visitors', 'example.com', '--url', api.url];
  const { out } = await runCli(args, { now: NOW, columns: 40 });
  await api.close();
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(out).toContain('█');

  const none = await answerer([null, null]);
  const shown = await runCli([...args.slice(0, 4), none.url], { now: NOW });
  await none.close();
  expect(shown).toMatchObject({ exitCode: 0, out: '', err: 'Nothing was counted then in windows of 5m.\n' });
});
