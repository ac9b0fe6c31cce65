import type { CommandContext } from '../context.ts';
import { printNewSecrets } from './edit.ts';

/** `sources reveal` */
export async function revealSecret(nameOrId: string, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf('sources', nameOrId);
  const revealed = await client.post('/api/v1/sources/{id}/reveal', { params: { path: { id } } });
  if (json) return output.json(revealed, 2);
  printNewSecrets(revealed, context);
}
