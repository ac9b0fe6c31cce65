import type { Schemas } from '../../../client/schemas.ts';
import { FINAL_STATES } from '../../model/delivery.ts';
import type { CommandContext } from '../context.ts';
import { lastResult, stateCell } from '../deliveries/deliveries.ts';
import { clockTime, relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';
import { explain, summarise } from './decisions.ts';
import { originOf } from './origin.ts';

/** Prints the lines of `events tail`. A call that rejects has printed nothing, so it can be repeated. */
export interface TailPrinter {
  event(event: Schemas['EventSummary']): Promise<void>;
  /**
   * Prints changes of the deliveries of printed events. Makes one request, however many are followed, so changes are
   * seen only while a delivery is among the newest.
   */
  deliveries(): Promise<void>;
}

const NEWEST_DELIVERIES = 200;
const FOLLOWED_AT_MOST = 1_000;

export function createTailPrinter({ client, names, output, now, json }: CommandContext): TailPrinter {
  const followed = new Set<string>();
  /** The last line printed for each of the newest deliveries. */
  const printed = new Map<string, string>();

  async function describeEvent(event: Schemas['EventSummary']): Promise<string[]> {
    const time = clockTime(Date.parse(event.received_at));
    const source = await originOf(event, names);
    const decisions = output.painted(summarise(event.decisions));
    const lines = [joined(time, output.paint('bold', event.id), source, visibleLine(event.type), decisions)];
    for (const decision of event.decisions) {
      // Decisions to deliver are printed when their delivery has an outcome.
      if (decision.outcome === 'delivery' || decision.outcome === 'held') continue;
      const destination = await names.of('destinations', decision.destination);
      lines.push(joined(time, event.id, `→ ${destination}`, explain(decision)));
    }
    return lines;
  }

  async function describeDelivery(delivery: Schemas['DeliverySummary']): Promise<string> {
    const parts = [
      clockTime(now()),
      delivery.event,
      `→ ${await names.of('destinations', delivery.destination)}`,
      output.painted(stateCell(delivery.state)),
      delivery.replay && '(replay)',
      lastResult(delivery),
    ];
    if (delivery.state === 'pending' && delivery.next_attempt_at)
      parts.push(`attempt ${delivery.attempts_made + 1} ${relativeTime(delivery.next_attempt_at, now())}`);
    return joined(...parts);
  }

  function follow(id: string): void {
    followed.add(id);
    const [oldest] = followed;
    if (oldest !== undefined && followed.size > FOLLOWED_AT_MOST) followed.delete(oldest);
  }

  return {
    event: async (event) => {
      if (json) return output.json(event);
      for (const line of await describeEvent(event)) output.line(line);
      follow(event.id);
    },
    deliveries: async () => {
      if (json || followed.size === 0) return;
      const { data } = await client.list('/api/v1/deliveries', {}, NEWEST_DELIVERIES);
      for (const delivery of data.toReversed()) {
        const news = `${delivery.state} ${delivery.attempts_made}`;
        if (!tellable(delivery) || !followed.has(delivery.event) || printed.get(delivery.id) === news) continue;
        output.line(await describeDelivery(delivery));
        printed.set(delivery.id, news);
      }
      const newest = new Set(data.map(({ id }) => id));
      for (const id of printed.keys()) if (!newest.has(id)) printed.delete(id);
    },
  };
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}

/** Whether to print a line: the delivery is final or held, or an attempt failed and another will follow. */
function tellable({ state, attempts_made }: Schemas['DeliverySummary']): boolean {
  const final: readonly string[] = FINAL_STATES;
  return final.includes(state) || state === 'held' || (state === 'pending' && attempts_made > 0);
}
