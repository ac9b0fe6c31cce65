import type { Schemas } from '../../../client/schemas.ts';

type Told = Pick<Schemas['EventSummary'], 'type' | 'received_at' | 'extracted'>;

/** What a trigger told, for its chart, tests left out; seconds since 1970. */
export interface ToldTimes {
  /** From the event that said that it began to the one that said that it was over. */
  ranges: { from: number; to: number }[];
  /** Of goals, which do not last. */
  times: number[];
}

const RECOVERED = '.recovered';

/**
 * @param events newest first, as they are listed
 * @param from where the chart begins: what was told before lasts from there
 * @param until where what is not over yet ends
 */
export function toldTimes(events: readonly Told[], from: number, until: number): ToldTimes {
  const ranges: ToldTimes['ranges'] = [];
  const times: number[] = [];
  let since: number | undefined;
  let isFirst = true;
  for (const { type, received_at, extracted } of events.toReversed()) {
    if (extracted.test === true) continue;
    const at = Date.parse(received_at) / 1_000;
    if (type === 'goal.completed') times.push(at);
    else if (!type.endsWith(RECOVERED)) since ??= at;
    else {
      const begin = since ?? (isFirst ? from : undefined);
      if (begin !== undefined) ranges.push({ from: begin, to: at });
      since = undefined;
    }
    isFirst = false;
  }
  if (since !== undefined) ranges.push({ from: since, to: until });
  return { ranges, times };
}
