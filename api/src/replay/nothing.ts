import type { Decision, EventContent } from '../model/event.ts';
import type { ConfigurationView } from '../store/configuration.ts';

/** Of an event's first deliveries: how many there were, and how many to the destinations asked for. */
export interface FirstDeliveries {
  all: number;
  asked: number;
}

const APPLY_RULES = 'To apply the mappings of now, ask with `mode` current.';

/** Why nothing can be sent again with the bytes of then. */
export function nothingOriginal({ all, asked }: FirstDeliveries): string {
  if (all === 0) return `The event was delivered nowhere when it came in. ${APPLY_RULES}`;
  if (asked === 0) return `The event was not delivered to the destinations asked for when it came in. ${APPLY_RULES}`;
  return `What the event was delivered to is deleted. ${APPLY_RULES}`;
}

const DETAIL_LENGTH = 1_000;

/** Why the rules of now make nothing of an event for the destinations asked for. */
export function nothingCurrent(
  { source, trigger }: Pick<EventContent, 'source' | 'trigger'>,
  decisions: Decision[],
  isAskedFor: (destination: string) => boolean,
  configuration: Pick<ConfigurationView, 'sourceById' | 'mapping'>,
): string {
  if (trigger !== '') return nothingOfTrigger(decisions);
  const found = configuration.sourceById(source);
  if (!found) return 'The source of the event is deleted, and its mappings with it.';
  if (decisions.length === 0) return `Source ${found.name} has no mapping. Make one, then replay again.`;
  const concerned = decisions.filter(({ destination }) => isAskedFor(destination));
  if (concerned.length === 0) return `No mapping of source ${found.name} leads to the destinations asked for.`;
  const reasons = concerned.map(
    (decision) => `mapping "${configuration.mapping(decision.mapping)?.name ?? decision.mapping}": ${whyNot(decision)}`,
  );
  const text = `No mapping of source ${found.name} delivers the event now: ${reasons.join('; ')}`;
  return text.length > DETAIL_LENGTH ? `${text.slice(0, DETAIL_LENGTH - 1)}…` : `${text}.`;
}

function nothingOfTrigger(decisions: Decision[]): string {
  return decisions.length === 0
    ? 'The trigger that raised the event has no destination, or is deleted. Give it one, then replay again.'
    : 'The trigger that raised the event has none of the destinations asked for, or they are deleted.';
}

function whyNot(decision: Decision): string {
  switch (decision.outcome) {
    case 'filtered':
      return `filtered out by ${decision.clause}`;
    case 'error':
      return `error in ${decision.where}: ${decision.message}`;
    default:
      return decision.outcome;
  }
}
