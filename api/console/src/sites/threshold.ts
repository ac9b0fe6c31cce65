import type { Schemas } from '../../../client/schemas.ts';
import type { Threshold } from '../ui/chart-props.ts';

type Point = Pick<Schemas['SiteVisitors']['points'][number], 'usual'>;

/** Of a trigger, or of its draft. */
export interface Condition {
  type?: Schemas['TriggerType'] | undefined;
  threshold?: number | undefined;
  relative_threshold?: number | undefined;
}

/** A relative spike takes at least so many visitors, however few are usual (docs/notifications.md). */
export const FEWEST_OF_A_SPIKE = 10;

/** The line at which a trigger tells; a curve where it follows what is usual. Undefined: it has none. */
export function thresholdLine(
  { type, threshold = 0, relative_threshold = 0 }: Condition,
  points: readonly Point[],
): Threshold | undefined {
  if (type === 'goal_completion') return undefined;
  const isSpike = type === 'visitor_spike';
  const tells = isSpike ? 'tells from' : 'tells below';
  if (relative_threshold > 0) {
    const least = isSpike ? FEWEST_OF_A_SPIKE : 0;
    const value = points.map(({ usual }) => (usual === null ? null : Math.max(least, usual * relative_threshold)));
    return { value, label: `${tells} ${relative_threshold} × usual` };
  }
  return threshold > 0 ? { value: threshold, label: `${tells} ${threshold.toLocaleString('en-GB')}` } : undefined;
}
