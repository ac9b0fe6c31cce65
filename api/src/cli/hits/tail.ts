import type { DataOf } from '../../../client/client.ts';
import { createConnection } from '../api/connection.ts';
import type { TailContext } from '../events/tail.ts';
import { clockTime } from '../terminal/times.ts';

export interface HitsTailFlags {
  site?: string;
}

const POLL_MS = 1_000;

type Arrived = DataOf<'get', '/api/v1/hits'>;
type AtSite = Arrived['sites'][number];

/** `hits tail`: what arrives at each site, in numbers. Resolves when the signal is aborted. */
export async function tailHits(flags: HitsTailFlags, context: TailContext): Promise<void> {
  const { client, names, output, json, signal, sleep } = context;
  const site = flags.site === undefined ? undefined : await names.idOf('sites', flags.site);
  const read = (after?: string) =>
    client.get('/api/v1/hits', { params: { query: { ...(after && { after }), ...(site && { site }) } } });
  const connection = createConnection(output, signal, 'what arrives is counted');
  let before = await read();
  const known = new Map(before.sites.map((one) => [one.site, one]));
  if (!json) output.note('Waiting for hits; Ctrl-C ends it.');

  while (!signal.aborted) {
    await sleep(POLL_MS, signal);
    if (signal.aborted) return;
    await connection.attempt(async () => {
      const now = await read(before.cursor);
      // A store that started anew counts from 0.
      if (now.since !== before.since) known.clear();
      for (const one of now.sites) await print(newOf(one, known.get(one.site)), context);
      for (const one of now.sites) known.set(one.site, one);
      before = now;
      return true;
    });
  }
}

/** What came since the same was counted before. */
function newOf(now: AtSite, before: AtSite | undefined): AtSite {
  const dropped = Object.entries(now.dropped).map(
    ([reason, count]) => [reason, count - (before?.dropped[reason] ?? 0)] as const,
  );
  return {
    ...now,
    hits: now.hits - (before?.hits ?? 0),
    dropped: Object.fromEntries(dropped.filter(([, count]) => count > 0)),
  };
}

async function print({ site, hits, dropped, visitors }: AtSite, { names, output, json, now }: TailContext) {
  const reasons = Object.entries(dropped);
  // Of a visit that goes on nothing is counted anew.
  if (hits === 0 && reasons.length === 0) return;
  if (json) return output.json({ at: new Date(now()).toISOString(), site, hits, dropped, visitors });
  const name = site === null ? 'no site of that domain' : await names.of('sites', site);
  const lost = reasons.map(([reason, count]) => `${count} dropped (${reason})`).join(', ');
  const arrived = hits > 0 ? `${hits} ${hits === 1 ? 'hit' : 'hits'}` : '';
  const present = site === null ? '' : `${visitors} ${visitors === 1 ? 'visitor' : 'visitors'} in 5 minutes`;
  const parts = [arrived, lost && output.paint('yellow', lost), present].filter(Boolean);
  output.line(`${output.paint('dim', clockTime(now()))}  ${name}  ${parts.join(', ')}`);
}
