import { CHROME } from '../support/user-agent.ts';
import type { Send } from './load.ts';
import { sleep, withConnections } from './measure.ts';
import { type Site, THRESHOLD } from './sites.ts';

/** What somebody should be told, by the name under which the webhook tells it; times are of `performance.now()`. */
export interface Expected {
  /** When the hit that causes it was acknowledged. */
  at: number;
  healthy: boolean;
}

export interface Traffic {
  acks: number[];
  /** Until the last was answered. */
  seconds: number;
  refused: number;
  expected: Map<string, Expected>;
}

const LANES = 64;
/** Of 50 hits, one completes a goal, and 20 are of new visitors to one site: a spike in each 50 hits at that site. */
const CYCLE = 1_000;
const COMPLETION_EVERY = 50;
/** Other visitors of a site: too few for a spike. */
const VISITORS = 4;

let counter = 0;

export const completionName = (page: string) => `goal ${page}`;
export const spikeName = (domain: string) => `spike ${domain}`;

/**
 * `rate` hits a second at even times, or as many as are answered. In each 1,000 hits 20 complete a goal and 20 are
 * of as many new visitors at one site, which makes a spike there; the others are of few visitors, over all sites in turn.
 * @param calm sites without spikes
 * @param busy one for each 1,000 hits
 */
export async function sendHits(
  port: number,
  { calm, busy }: { calm: Site[]; busy: Site[] },
  rate: number,
  seconds: number,
): Promise<Traffic> {
  const traffic: Traffic = { acks: [], seconds: 0, refused: 0, expected: new Map() };
  const arrived = new Map<Site, number>();
  const start = performance.now();
  const end = start + seconds * 1_000;
  let lane = 0;
  await withConnections(port, LANES, async (send: Send) => {
    for (let n = lane++; n < rate * seconds && performance.now() < end; n += LANES) {
      await sleep(start + (n * 1_000) / rate - performance.now());
      const { request, site, completes } = hitOf(n);
      const sent = performance.now();
      const status = await send(request);
      const at = performance.now();
      traffic.acks.push(at - sent);
      if (status !== 202) traffic.refused++;
      else if (completes) traffic.expected.set(completionName(completes), { at, healthy: site.healthy });
      else if (busy.includes(site)) countArrival(site, at);
    }
  });
  traffic.seconds = (performance.now() - start) / 1_000;
  traffic.acks.sort((a, b) => a - b);
  return traffic;

  function countArrival(site: Site, at: number): void {
    const count = (arrived.get(site) ?? 0) + 1;
    arrived.set(site, count);
    if (count === THRESHOLD) traffic.expected.set(spikeName(site.domain), { at, healthy: site.healthy });
  }

  function hitOf(n: number): { request: Buffer; site: Site; completes?: string } {
    const unique = counter++;
    const place = n % CYCLE;
    const spiking = place % COMPLETION_EVERY === 1 ? busy[Math.floor(n / CYCLE)] : undefined;
    const completes = place % COMPLETION_EVERY === 0;
    // Completions go round by themselves: more than 60 a minute at one site would be told together.
    const turn = completes ? n / COMPLETION_EVERY : n;
    const site = spiking ?? (calm[turn % calm.length] as Site);
    if (completes) {
      const page = `/done/${unique}`;
      return { site, completes: page, request: hit(site, 'Signup', page, n % VISITORS) };
    }
    const visitor = spiking ? `new-${unique}` : Math.floor(n / calm.length) % VISITORS;
    return { site, request: hit(site, 'pageview', `/page/${unique % 40}`, visitor) };
  }
}

function hit({ domain }: Site, name: string, page: string, visitor: number | string): Buffer {
  const body = JSON.stringify({
    n: name,
    v: 36,
    u: `https://${domain}${page}?q=1`,
    d: domain,
    r: 'https://news.example/',
  });
  return Buffer.from(
    `POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nUser-Agent: ${CHROME} v/${visitor}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}
