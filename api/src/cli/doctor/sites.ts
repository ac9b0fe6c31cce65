import type { Schemas } from '../../../client/schemas.ts';
import type { Client } from '../api/client.ts';
import { droppedInWords } from '../records/site-hits.ts';
import { statisticsState } from '../records/site-state.ts';
import { shortTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';
import { bad, type Finding, good } from './finding.ts';

const HOUR = 3_600_000;
/** Of so many the reasons are asked for. */
const LOOKED_AT = 20;

/** Sites whose hits don't arrive, or whose statistics can't be read, and triggers that nobody hears of; nothing where there are no sites. */
export async function examineSites(
  client: Pick<Client, 'get' | 'list'>,
  program: string,
  now: number,
): Promise<Finding[]> {
  const { data: sites } = await client.list('/api/v1/sites', {}, Number.POSITIVE_INFINITY);
  if (sites.length === 0) return [];
  const { data: triggers } = await client.list('/api/v1/triggers', {}, Number.POSITIVE_INFINITY);
  return [
    await silentSites(sites, client, program, now),
    ...statistics(sites, program),
    unheard(triggers, sites, program),
  ];
}

async function silentSites(
  sites: Schemas['Site'][],
  client: Pick<Client, 'get'>,
  program: string,
  now: number,
): Promise<Finding> {
  const watched = sites.filter(({ enabled, hits }) => enabled && hits);
  const silent = watched.filter(({ hits }) => hits?.silent);
  const unused = watched.filter(({ hits, created }) => hits?.first === null && now - Date.parse(created) > HOUR);
  const fresh = watched.filter(({ hits, created }) => hits?.first === null && now - Date.parse(created) <= HOUR);
  const noHits = silent.length + unused.length === 0;
  const waiting = fresh.length > 0 ? `; no hit yet: ${fresh.map(({ name }) => visibleLine(name)).join(', ')}` : '';
  if (noHits) return good('sites', `${watched.length} of ${sites.length} are enabled, none is silent${waiting}`);
  const described = await Promise.all([...silent, ...unused].map((site, i) => describe(site, i < LOOKED_AT)));
  return bad(
    'sites',
    `${described.join('; ')}${waiting}`,
    `Is the tracker on the page, and its domain that of the site? See what arrives: ${program} hits tail`,
  );

  async function describe({ id, name, hits }: Schemas['Site'], withReasons: boolean): Promise<string> {
    const told = hits?.last
      ? `${visibleLine(name)} is silent since ${shortTime(hits.last, now)}`
      : `${visibleLine(name)} never had a hit`;
    const whole = withReasons ? await client.get('/api/v1/sites/{id}', { params: { path: { id } } }) : undefined;
    const dropped = droppedInWords(whole?.hits?.dropped);
    return dropped ? `${told} (${dropped})` : told;
  }
}

/** Sites that Plausible counts; nothing where there are none. */
function statistics(sites: Schemas['Site'][], program: string): Finding[] {
  const read = sites.filter(({ enabled, statistics }) => enabled && statistics);
  if (read.length === 0) return [];
  const failing = read.filter(({ statistics }) => statistics?.problem);
  if (failing.length === 0)
    return [good('statistics', `${read.length} of ${sites.length} sites are read from Plausible`)];
  return [
    bad(
      'statistics',
      failing.map((site) => `${visibleLine(site.name)} is ${statisticsState(site)}`).join('; '),
      `Their triggers tell nothing until then. Another key: ${program} sites set ${visibleLine(failing[0]?.name ?? '')} --statistics-key @key.txt`,
    ),
  ];
}

function unheard(triggers: Schemas['Trigger'][], sites: Schemas['Site'][], program: string): Finding {
  const siteNames = new Map(sites.map(({ id, name }) => [id, name]));
  const lost = triggers.filter(({ enabled, destinations }) => enabled && destinations.length === 0);
  if (lost.length === 0) return good('triggers', `${triggers.length}, all with somebody to tell`);
  const names = lost.map(({ site, name }) => visibleLine(`${siteNames.get(site) ?? site}/${name}`));
  return bad(
    'triggers',
    `nobody is told: ${names.join(', ')}`,
    `Give them a destination or a webhook: ${program} triggers set ${names[0]} --destinations NAME`,
  );
}
