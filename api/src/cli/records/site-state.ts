import type { Schemas } from '../../../client/schemas.ts';
import { visibleLine } from '../terminal/visible.ts';

type Statistics = NonNullable<Schemas['Site']['statistics']>;

/** How the statistics of a site are read that somebody else counts; empty where hits are counted. */
export function statisticsState(site: Pick<Schemas['Site'], 'statistics'>): string {
  return site.statistics ? describe(site.statistics) : '';
}

function describe({ every, read_at, problem }: Statistics): string {
  const last = read_at === null ? 'never yet' : `last at ${read_at}`;
  if (problem) return `not read since ${problem.since}, ${last}: ${visibleLine(problem.message)}`;
  return every === null ? 'not read: the site is disabled' : `read every ${every}, ${last}`;
}
