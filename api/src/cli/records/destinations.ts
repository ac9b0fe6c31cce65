import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Noun } from '../nouns.ts';
import { visibleLine } from '../terminal/visible.ts';
import { printNewSecrets } from './edit.ts';

/** `destinations test`, `webhooks test` */
export async function testDestination(
  noun: Noun,
  nameOrId: string,
  { client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf(noun, nameOrId);
  const attempt = await client.post('/api/v1/destinations/{id}/test', { params: { path: { id } } });
  if (json) output.json(attempt, 2);
  else output.line(describeAttempt(attempt));
  if (attempt.outcome !== 'success')
    throw new CommandError(EXIT.failed, `The test event was not delivered: ${visibleLine(attempt.error)}`);
}

/** `destinations pause`, `webhooks pause` */
export async function pauseDestination(
  noun: Noun,
  nameOrId: string,
  { settings, client, names, output, json }: CommandContext,
): Promise<void> {
  const id = await names.idOf(noun, nameOrId);
  const result = await client.post('/api/v1/destinations/{id}/pause', { params: { path: { id } } });
  if (json) return output.json(result, 2);
  output.line(`Paused. Deliveries are held from now on, ${result.deliveries} that waited among them; none is lost.`);
  output.note(`Let them go: ${settings.program} ${noun} resume ${id}`);
}

export interface ResumeFlags {
  /** Deliveries a second. */
  rate?: number;
}

/** `destinations resume`, `webhooks resume` */
export async function resumeDestination(
  noun: Noun,
  nameOrId: string,
  { rate }: ResumeFlags,
  context: CommandContext,
): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf(noun, nameOrId);
  const result = await client.post('/api/v1/destinations/{id}/resume', {
    params: { path: { id } },
    body: rate === undefined ? {} : { rate },
  });
  if (json) return output.json(result, 2);
  const pace = rate === undefined ? 'at once' : `${rate} a second`;
  output.line(
    `Resumed. Held deliveries that go out now: ${result.deliveries}${result.deliveries > 0 ? `, ${pace}` : ''}.`,
  );
}

export interface RotateFlags {
  overlap?: string;
}

/** `webhooks rotate-secret` */
export async function rotateSecret(nameOrId: string, flags: RotateFlags, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf('webhooks', nameOrId);
  const webhook = await client.post('/api/v1/webhooks/{id}/rotate-secret', { params: { path: { id } }, body: flags });
  if (json) return output.json(webhook, 2);
  printNewSecrets(webhook, context);
  output.line(
    webhook.secret_overlap_until === null
      ? 'Requests are signed with it alone from now on.'
      : `Requests are signed with the old one as well until ${webhook.secret_overlap_until}.`,
  );
}

/** One line: outcome, status, how long it took, and what came back. */
export function describeAttempt({ outcome, status, duration_ms, response_body }: Schemas['Attempt']): string {
  return [outcome, status || '', `${Math.round(duration_ms)} ms`, visibleLine(response_body)]
    .filter((part) => part !== '')
    .join('  ');
}
