import type { Schemas } from '../../../client/schemas.ts';
import type { Names } from '../api/names.ts';

/** Where an event comes from, by name: its source, or the trigger that raised it. */
export async function originOf(
  { source, trigger }: Pick<Schemas['EventSummary'], 'source' | 'trigger'>,
  names: Pick<Names, 'of'>,
): Promise<string> {
  return trigger === '' ? names.of('sources', source) : `trigger ${await names.of('triggers', trigger)}`;
}

/** The rule that a delivery or decision belongs to: a mapping by name, and where it leads. */
export async function ruleOf(
  { mapping, destination }: { mapping: string; destination: string },
  names: Pick<Names, 'of'>,
): Promise<string> {
  const to = await names.of('destinations', destination);
  return mapping === '' ? `To ${to}` : `${await names.of('mappings', mapping)} (to ${to})`;
}
