import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { visibleLine } from '../terminal/visible.ts';

type Skip = Schemas['ReplaySkip'];

/** Explains why a replay makes no deliveries, or fewer than expected. */
export async function showSkips(
  { events, exact, skipped }: Schemas['ReplayEstimate'],
  { names, output }: CommandContext,
): Promise<void> {
  if (events === 0) output.line('No event was accepted in that time, or not from that source.');
  if (skipped.length > 0) output.line('Left out:');
  for (const skip of skipped) output.line(`  ${exact ? '' : 'about '}${skip.count} × ${await whyOf(skip, names)}`);
}

async function whyOf({ reason, mapping, destination, detail }: Skip, names: CommandContext['names']): Promise<string> {
  const place = destination && (await names.of('destinations', destination));
  const rule = mapping && (await names.of('mappings', mapping));
  switch (reason) {
    case 'no_delivery':
      return 'delivered nowhere when it came in; --mode current applies the mappings of now';
    case 'destination_deleted':
      return `destination ${place}: it was deleted`;
    case 'no_mapping':
      return 'its source has no mapping, or was deleted';
    case 'filtered':
      return `mapping ${rule}: filtered out by ${visibleLine(detail)}`;
    case 'disabled':
      return `mapping ${rule}: it is disabled`;
    case 'error':
      return `mapping ${rule}: error in ${visibleLine(detail)}`;
    case 'other_destination':
      return `destination ${place}: another was asked for (--destination)`;
    case 'other_state':
      return `${place ? `destination ${place}: ` : ''}no delivery in the state asked for (--status)`;
    case 'not_missing':
      return `destination ${place}: it has the event, or that is under way (--only-missing)`;
  }
}
