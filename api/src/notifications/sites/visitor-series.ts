import { createBaselines, SLOT_MS } from '../triggers/baseline.ts';
import { hourOf, type Zone } from '../triggers/zone.ts';

/** What was counted in a step of time: several evaluations, which are 5 minutes apart. */
export interface VisitorPoint {
  /** Where the step begins, in milliseconds since the epoch. */
  at: number;
  /** The most that an evaluation had, so that no spike is hidden; null: nothing was counted. */
  visitors: number | null;
  /** The fewest, so that no drop is hidden either. */
  least: number | null;
  /** What was usual then, as triggers reckon it; null: not known yet. */
  usual: number | null;
}

/** Values by slot of 5 minutes, the first of them that of `fromSlot`. */
export interface SlotValues {
  fromSlot: number;
  values: readonly (number | null)[];
}

const HOUR = 3_600_000;
const POINTS_AT_MOST = 500;
/** In slots: 5, 10, 15, 20, 30 minutes, 1 and 2 hours. All that is kept has 432 points of the last. */
const STEPS = [1, 2, 3, 4, 6, 12, 24] as const;

/** The finest step that cuts so many slots into 500 points or fewer, in slots. */
export function stepFor(slots: number): number {
  return STEPS.find((step) => slots / step <= POINTS_AT_MOST) ?? 24;
}

/** Thins what was counted from a slot up to and without another; both are multiples of `step`. */
export function thin(known: SlotValues, range: { from: number; to: number; step: number }, zone: Zone): VisitorPoint[] {
  const usualAt = usualOf(known, zone);
  const points: VisitorPoint[] = [];
  for (let slot = range.from; slot < range.to; slot += range.step) {
    const first = slot - known.fromSlot;
    const counted = known.values
      .slice(Math.max(0, first), Math.max(0, first + range.step))
      .filter((value) => value !== null);
    points.push({
      at: slot * SLOT_MS,
      visitors: counted.length === 0 ? null : Math.max(...counted),
      least: counted.length === 0 ? null : Math.min(...counted),
      usual: usualAt(slot * SLOT_MS, (slot + range.step) * SLOT_MS),
    });
  }
  return points;
}

/** The mean of the hours of a step. */
function usualOf({ fromSlot, values }: SlotValues, zone: Zone): (from: number, to: number) => number | null {
  const baselineAt = createBaselines(zone, (time) => values[Math.floor(time / SLOT_MS) - fromSlot] ?? undefined);
  return (from, to) => {
    const hours: number[] = [];
    for (let hour = hourOf(zone, from); hour < to; hour += HOUR) {
      const usual = baselineAt(hour);
      if (usual !== undefined) hours.push(usual);
    }
    return hours.length === 0 ? null : tenths(hours.reduce((sum, one) => sum + one, 0) / hours.length);
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
