import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { relativeTime } from '../terminal/times.ts';
import { statisticsState } from './site-state.ts';

type SiteHits = Schemas['Site']['hits'];

/** `41 visitors in 5 minutes, last hit 3s ago`; empty: it is not known. */
export function hitsInWords(hits: SiteHits, now: number): string {
  if (!hits) return '';
  if (hits.last === null) return ['no hit yet', droppedInWords(hits.dropped)].filter(Boolean).join(', ');
  const visitors =
    hits.visitors === null ? '' : `${hits.visitors} ${hits.visitors === 1 ? 'visitor' : 'visitors'} in 5 minutes`;
  const last = `last hit ${relativeTime(hits.last, now)}`;
  return [hits.silent ? 'silent' : '', visitors, last, droppedInWords(hits.dropped)].filter(Boolean).join(', ');
}

/** `dropped since: bot 3`; empty: none was. */
export function droppedInWords(dropped: Record<string, number> = {}): string {
  const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
  return reasons.length > 0 ? `dropped since: ${reasons.join(', ')}` : '';
}

/** `sites test`: whether hits arrive, or its statistics can be read. */
export async function testSite(
  nameOrId: string,
  { client, names, output, json, now, settings }: CommandContext,
): Promise<void> {
  const id = await names.idOf('sites', nameOrId);
  const site = await client.get('/api/v1/sites/{id}', { params: { path: { id } } });
  if (site.statistics) {
    if (json) output.json(site.statistics, 2);
    else output.line(statisticsState(site));
    if (site.statistics.problem) throw new CommandError(EXIT.failed, 'Its visitors can not be read.');
    return;
  }
  if (json) output.json(site.hits ?? null, 2);
  else output.line(hitsInWords(site.hits, now()) || 'It is not known yet.');
  const fix = `Is the tracker on the page, with the domain ${site.domain}? See what arrives: ${settings.program} hits tail`;
  if (!site.enabled) throw new CommandError(EXIT.failed, 'The site is disabled: its hits are dropped.');
  if (!site.hits?.last) throw new CommandError(EXIT.failed, `No hit came yet. ${fix}`);
  if (site.hits.silent) throw new CommandError(EXIT.failed, `No hit came for long. ${fix}`);
}
