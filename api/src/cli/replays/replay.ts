import type { CommandContext } from '../context.ts';
import { explain } from '../events/decisions.ts';

export interface ReplayFlags {
  mode: 'original' | 'current';
  destination?: string[];
}

/** `replay` */
export async function replayEvent(
  event: string,
  flags: ReplayFlags,
  { settings, client, names, output, json }: CommandContext,
) {
  const destinations = flags.destination?.map((nameOrId) => names.idOf('destinations', nameOrId));
  const result = await client.post('/api/v1/events/{id}/replay', {
    params: { path: { id: event } },
    body: { mode: flags.mode, ...(destinations ? { destinations: await Promise.all(destinations) } : {}) },
  });
  if (json) return output.json(result, 2);
  for (const { id, destination } of result.deliveries)
    output.line(`${await names.of('destinations', destination)}: delivery ${id}`);
  for (const decision of result.decisions.filter((decision) => !('delivery' in decision)))
    output.line(`${await names.of('destinations', decision.destination)}: ${explain(decision)}`);
  output.note(`See what comes of it: ${settings.program} deliveries ls --event ${event}`);
}
