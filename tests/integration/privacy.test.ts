import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { aGoal, aSite } from '../support/notifications.ts';
import { describeWithServices, startPocketBase } from '../support/services.ts';
import { startTracking } from '../support/tracking.ts';
import { CHROME } from '../support/user-agent.ts';

/** What nobody may find afterwards. The address is written in several ways. */
const CANARIES = [
  '203.0.113.77',
  '2001:db8:77::77',
  'CanaryBrowser',
  'canary-path',
  'canary-query',
  'canary-campaign',
  'canary-prop',
  'canary-body',
  'canary-unknown.example',
];

/** Every file below a folder, as bytes. */
function* filesOf(folder: string): Generator<[name: string, content: Buffer]> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) yield [name, readFileSync(path)];
  }
}

describeWithServices('what trackers tell of a person', () => {
  test('is in no file and in no line of a log afterwards', async () => {
    const pocketbase = await startPocketBase();
    const tracking = await startTracking(pocketbase, {
      sites: [aSite()],
      goals: [aGoal({ event_name: 'Signup', props: { plan: 'canary-prop' } })],
    });
    const event = {
      n: 'pageview',
      d: 'example.com,canary-unknown.example',
      u: 'https://example.com/kept-page?utm_source=kept-tag&utm_campaign=canary-campaign&q=canary-query',
      r: 'https://kept-source.example/canary-path?canary-query',
      p: { plan: 'canary-prop' },
    };
    const headers = { 'user-agent': `${CHROME} CanaryBrowser/9`, referer: 'https://example.com/canary-path' };
    const addresses = [
      { 'x-forwarded-for': '203.0.113.77' },
      { 'x-plausible-ip': '203.0.113.77' },
      { forwarded: 'for="[2001:db8:77::77]:80"' },
    ];
    const statuses: number[] = [];
    for (const address of addresses) {
      for (const body of [
        event,
        { ...event, n: 'Signup', u: 'https://example.com/#/kept?canary-query', h: 1 },
        { ...event, n: 'engagement' },
        { ...event, u: 'https://example.com/', r: 'https://www.kept-source.example/canary-path' },
        { ...event, u: 'data:canary-body', p: { ['canary-prop'.repeat(50)]: 1 } },
        '{"n": canary-body',
      ]) {
        statuses.push((await tracking.post(body, { ...headers, ...address })).status);
      }
      statuses.push((await tracking.post(event, { ...headers, ...address, 'user-agent': 'CanaryBrowser bot' })).status);
      statuses.push((await tracking.post(event, { ...headers, ...address, 'content-encoding': 'canary-body' })).status);
      statuses.push((await fetch(`${tracking.url}?canary-query`, { headers: { ...headers, ...address } })).status);
    }
    expect(statuses.slice(0, 9)).toEqual([202, 202, 202, 202, 400, 400, 202, 415, 405]);
    await tracking.flush();
    const reading = await tracking.read(aSite().id);
    expect(reading).toMatchObject({ visitors: 2, pages: { '/kept-page': 3 }, sources: { 'kept-tag': 2 } });

    const places: [string, Buffer][] = [
      ...filesOf(pocketbase.dataDir),
      ['the log of the API service', Buffer.from(JSON.stringify(tracking.lines))],
      ['the log of PocketBase', Buffer.from(JSON.stringify(pocketbase.lines))],
      ['what the store answers', Buffer.from(JSON.stringify(reading))],
    ];
    const holding = (text: string) => places.filter(([, content]) => content.includes(text)).map(([name]) => name);
    // They are looked for in the right places: what is kept is found.
    expect(holding('kept-page')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^data\.db(-wal)?$/), 'what the store answers']),
    );
    expect(CANARIES.map((canary) => [canary, holding(canary)])).toEqual(CANARIES.map((canary) => [canary, []]));

    // The store goes away in between: a fault tells nothing either.
    await pocketbase.stop();
    expect((await tracking.post(event, { ...headers, ...addresses[0] })).status).toBe(503);
    const log = JSON.stringify(tracking.lines);
    expect(CANARIES.filter((canary) => log.includes(canary))).toEqual([]);
    await tracking.close();
  });
});
